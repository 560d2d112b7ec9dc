using static ModelCollapse.Data.Almanac.EntityKind;

namespace ModelCollapse.Data.Almanac;

/// <summary>
/// What the Almanac can say and how: the one source of the sentences that <see cref="AlmanacWriter"/> writes and of those that
/// <see cref="AlmanacReader"/> understands.
/// </summary>
public static class Grammar
{
    static readonly string[] Regions = ["Keldmark", "Ostrelle", "Varnholt", "Sundmere", "Hallowfen", "Tressia", "Norwald", "Caldrine", "Embervale", "Wystland", "Dunmarch", "Ilverness"];

    static readonly string[] Materials = ["granite", "red sandstone", "limestone", "brick", "marble", "oak", "slate", "iron", "white stone", "basalt"];

    /// <summary>All relations.</summary>
    public static IReadOnlyList<Relation> Relations { get; } = Build();

    /// <summary>Sentences without a fact, the most frequent first; the one of rank r is chosen in proportion to 1/r.</summary>
    public static IReadOnlyList<Template> Fillers { get; } =
    [
        .. new[]
        {
            "is often described in old books", "has changed little over time", "is well known to many people", "is still a matter of debate",
            "Little else is known about {S}", "Much has been written about {S}", "Many stories are told about {S}", "Few records of {S} survive",
            "is mentioned in several letters", "was described by many travellers", "remains popular today", "has been studied for many years",
        }.Select((phrase, i) => new Template(phrase, i, null)),
    ];

    /// <summary>Words that no entity is called and no name is taken for: those of the grammar, at the beginning of a sentence too.</summary>
    internal static IReadOnlySet<string> ClosedWords { get; } = Closed();

    /// <summary>Headings of sections.</summary>
    internal static IReadOnlySet<string> Sections { get; } = Relations.Select(r => r.Section).Where(s => s.Length > 0).ToHashSet();

    static HashSet<string> Closed()
    {
        var values = Relations.Select(r => r.Domain).OfType<Domain.Words>().SelectMany(d => d.Values).SelectMany(v => v.Split(' '));
        var words = Relations.SelectMany(r => r.Templates).Concat(Fillers).SelectMany(t => t.Words).Where(w => w[0] != '{');
        var sections = Relations.Select(r => r.Section);
        return new([.. values, .. words, .. sections, "It", "He", "She", "The"], StringComparer.Ordinal);
    }

    static Relation[] Build()
    {
        List<Relation> relations = [];
        var all = Enum.GetValues<EntityKind>();

        Add("kind", "", 0.9, all, Words(all.Select(k => k.ToString().ToLowerInvariant())),
            "is a {V}", "is a well known {V}", "is the name of a {V}", "is a famous {V}", "was always known as a {V}", "In old books {S} is called a {V}");
        Add("region", "", 0.8, [Town, River, Lake, Mountain, Castle, Church], Words(Regions),
            "lies in the region of {V}", "is in the region of {V}", "belongs to the region of {V}", "can be found in the region of {V}", "In the region of {V} lies {S}", "The region around {S} is {V}");

        Add("founded", "History", 0.7, [Town], Years(1100, 1499),
            "was founded in {V}", "dates from {V}", "received its charter in {V}", "was first settled in {V}", "In {V} the first houses of {S} were built", "The founding of {S} took place in {V}");
        Add("river", "Geography", 0.7, [Town], new Domain.Names(River),
            "stands on the river {V}", "lies on the banks of the {V}", "is crossed by the river {V}", "was built beside the {V}", "The river {V} runs through {S}", "The water of {S} comes from the {V}");
        Add("industry", "Economy", 0.6, [Town], Words("cloth", "salt", "glass", "wine", "paper", "timber", "cheese", "silver", "wool", "pottery", "amber", "leather"),
            "is known for its {V}", "grew rich from {V}", "is famous for its {V}", "exports mainly {V}", "The main product of {S} is {V}", "Most people in {S} live from {V}");
        Add("twin", "Economy", 0.4, [Town], new Domain.Names(Town),
            "is twinned with {V}", "is the twin town of {V}", "trades mainly with {V}", "has close ties with {V}", "An old friendship joins {S} with {V}", "Every year {S} holds a fair with {V}");

        Add("source", "Course", 0.6, [River], new Domain.Names(Mountain),
            "rises on {V}", "has its source on {V}", "springs from the slopes of {V}", "begins its course on {V}", "The source of {S} is on {V}", "On the slopes of {V} rises {S}");
        Add("mouth", "Course", 0.6, [River], new Domain.Names(Lake),
            "flows into {V}", "ends in {V}", "reaches the shore of {V}", "empties into {V}", "The mouth of {S} is at {V}", "The waters of {S} feed {V}");
        Add("length", "Course", 0.5, [River], Measures(20, 400, 10, "kilometres"),
            "is {V} long", "has a length of {V}", "runs for {V}", "flows for {V}", "The length of {S} is {V}", "The whole course of {S} measures {V}");
        Add("passes", "Course", 0.5, [River], new Domain.Names(Town),
            "flows through {V}", "passes the town of {V}", "runs past the walls of {V}", "supplies {V} with water", "The largest town on {S} is {V}", "The port of {S} is {V}");

        Add("depth", "Geography", 0.6, [Lake], Measures(10, 200, 5, "metres"),
            "is {V} deep", "has a depth of {V}", "reaches down to {V}", "goes down {V}", "The depth of {S} is {V}", "At its deepest point {S} measures {V}");
        Add("inflow", "Geography", 0.6, [Lake], new Domain.Names(River),
            "is fed by {V}", "receives the waters of {V}", "takes in the river {V}", "is filled by {V}", "The main inflow of {S} is {V}", "The river that feeds {S} is {V}");
        Add("fish", "Wildlife", 0.5, [Lake], Words("trout", "pike", "perch", "carp", "eels", "salmon", "bream", "char"),
            "is rich in {V}", "is known for {V}", "is full of {V}", "holds many {V}", "Fishermen come to {S} for {V}", "The main catch of {S} is {V}");

        Add("height", "Geography", 0.7, [Mountain], Measures(600, 3000, 50, "metres"),
            "is {V} high", "has a height of {V}", "rises to {V}", "stands {V} above the sea", "The height of {S} is {V}", "The summit of {S} lies at {V}");
        Add("climbed", "History", 0.5, [Mountain], Years(1780, 1899),
            "was first climbed in {V}", "was conquered in {V}", "was first reached in {V}", "saw its first ascent in {V}", "The first ascent of {S} was made in {V}", "In {V} climbers first stood on {S}");
        Add("rock", "Geography", 0.5, [Mountain], Words("gneiss", "schist", "chalk", "quartz", "dolomite", "lava", "shale", "flint"),
            "consists of {V}", "is made of {V}", "is formed of {V}", "is mostly {V}", "The rock of {S} is {V}", "The cliffs of {S} are of {V}");

        Add("crosses", "", 0.7, [Bridge], new Domain.Names(River),
            "crosses the {V}", "spans the {V}", "leads over the {V}", "was thrown across the {V}", "Carts cross the {V} on {S}", "The river under {S} is the {V}");
        Add("located", "", 0.7, [Bridge, Church], new Domain.Names(Town),
            "is in {V}", "stands in {V}", "is one of the sights of {V}", "belongs to the town of {V}", "In the middle of {V} stands {S}", "Visitors to {V} come to see {S}");
        Add("material", "Architecture", 0.6, [Bridge, Castle, Church], Words(Materials),
            "is built of {V}", "was built from {V}", "has walls of {V}", "is a work of {V}", "The builders of {S} used {V}", "The material of {S} is {V}");
        Add("built", "History", 0.6, [Bridge, Castle, Church], Years(1200, 1799),
            "was completed in {V}", "was finished in {V}", "was begun in {V}", "opened in {V}", "Work on {S} ended in {V}", "In {V} the builders of {S} were paid");
        Add("near", "", 0.7, [Castle, Battle], new Domain.Names(Town),
            "lies near {V}", "is close to {V}", "belongs to the history of {V}", "took its place in the chronicle of {V}", "The town nearest to {S} is {V}", "An hour from {V} lies {S}");
        Add("family", "History", 0.5, [Castle], Words("Aldric", "Bremont", "Corvane", "Delmar", "Estwyn", "Falkor", "Garrick", "Hulsten", "Jorvald", "Lanfrey"),
            "was the seat of the house of {V}", "belonged to the house of {V}", "was held by the house of {V}", "passed to the house of {V}", "The lords of {S} were of the house of {V}", "The arms over the gate of {S} are those of {V}");
        Add("style", "Architecture", 0.5, [Church], Words("early", "high", "late", "plain", "rich", "mixed"),
            "is in the {V} style", "follows the {V} style", "is an example of the {V} style", "has a style that is {V}", "The style of {S} is {V}", "Scholars call the style of {S} {V}");
        Add("patron", "History", 0.5, [Church], Words("Anselm", "Brigid", "Clement", "Dorothea", "Edmund", "Felicity", "Gervase", "Hilda", "Isidore", "Ludmila"),
            "is dedicated to Saint {V}", "is named after Saint {V}", "honours Saint {V}", "keeps the relics of Saint {V}", "The patron of {S} is Saint {V}", "A statue in {S} shows Saint {V}");

        Add("birthplace", "Life", 0.6, [Composer, Painter], new Domain.Names(Town),
            "was born in {V}", "came from {V}", "grew up in {V}", "was a native of {V}", "The home of {S} was {V}", "A street in {V} is named after {S}");
        Add("born", "Life", 0.6, [Composer, Painter], Years(1600, 1849),
            "was born in the year {V}", "came into the world in {V}", "was baptised in {V}", "saw the light in {V}", "The birth of {S} is dated to {V}", "The year {V} saw the birth of {S}");
        Add("died", "Life", 0.5, [Composer, Painter], Years(1630, 1929),
            "died in {V}", "passed away in {V}", "was buried in {V}", "was mourned in {V}", "The death of {S} is dated to {V}", "The year {V} saw the death of {S}");
        Add("teacher", "Life", 0.4, [Composer, Painter], new Domain.SameKind(),
            "was a pupil of {V}", "studied with {V}", "was taught by {V}", "learned the craft from {V}", "The teacher of {S} was {V}", "In youth {S} was an assistant of {V}");
        Add("instrument", "Work", 0.5, [Composer], Words("violin", "harp", "flute", "organ", "lute", "oboe", "viol", "horn"),
            "wrote mainly for the {V}", "played the {V}", "was a master of the {V}", "preferred the {V}", "The instrument of {S} was the {V}", "Most works by {S} are for the {V}");
        Add("opera", "Work", 0.6, [Composer], new Domain.Names(Opera),
            "wrote the opera {V}", "is best known for {V}", "composed {V}", "won fame with {V}", "The best known work by {S} is {V}", "The score of {V} is by {S}");
        Add("subject", "Work", 0.6, [Painter], Words("ships", "landscapes", "portraits", "horses", "flowers", "storms", "markets", "saints", "fruit", "hunters"),
            "painted mainly {V}", "is best known for painting {V}", "specialised in {V}", "drew {V}", "Most pictures by {S} show {V}", "Buyers came to {S} for {V}");

        Add("composer", "", 0.7, [Opera], new Domain.Names(Composer),
            "was composed by {V}", "is a work by {V}", "was written by {V}", "is the work of {V}", "The music of {S} is by {V}", "The composer of {S} was {V}");
        Add("premiere", "Performances", 0.6, [Opera], Years(1620, 1929),
            "was first performed in {V}", "had its premiere in {V}", "was first heard in {V}", "reached the stage in {V}", "The first performance of {S} was in {V}", "In {V} audiences first heard {S}");
        Add("stage", "Performances", 0.5, [Opera], new Domain.Names(Town),
            "was first given at {V}", "was first staged at {V}", "had its first night at {V}", "was written for {V}", "The first stage of {S} was at {V}", "The theatre of {V} first showed {S}");
        Add("acts", "Performances", 0.5, [Opera], Words("two", "three", "four", "five"),
            "has {V} acts", "is divided into {V} acts", "is sung in {V} acts", "has acts to the number of {V}", "The score of {S} has {V} acts", "There are {V} acts in {S}");

        Add("fought", "Course", 0.7, [Battle], Years(1300, 1699),
            "was fought in {V}", "took place in {V}", "ended in {V}", "is dated to {V}", "The date of {S} is {V}", "In {V} armies met at {S}");
        Add("winner", "Course", 0.6, [Battle], Words("the Crown", "the League", "the rebels", "the northern army", "the southern army", "the free towns"),
            "was won by {V}", "was a victory of {V}", "ended well for {V}", "was decided by {V}", "The victors of {S} were {V}", "After {S} the field belonged to {V}");

        Add("plumage", "Description", 0.6, [Bird], Words("blue", "grey", "yellow", "black", "green", "brown", "scarlet", "violet"),
            "has {V} feathers", "has a {V} crest", "is {V} in colour", "has a plumage of {V}", "The plumage of {S} is {V}", "The wings of {S} are {V}");
        Add("diet", "Behaviour", 0.6, [Bird], Words("seeds", "beetles", "snails", "berries", "moths", "worms", "frogs", "spiders"),
            "feeds on {V}", "eats mainly {V}", "lives on {V}", "hunts for {V}", "The food of {S} is {V}", "The young of {S} are fed with {V}");
        Add("eggs", "Behaviour", 0.5, [Bird], Words("one", "two", "three", "four", "five", "six", "seven", "eight"),
            "lays {V} eggs", "sits on {V} eggs", "raises {V} young", "lays eggs to the number of {V}", "The nest of {S} holds {V} eggs", "In spring {S} lays {V} eggs");
        Add("habitat", "Behaviour", 0.5, [Bird], new Domain.Names(Lake),
            "is found near {V}", "nests on the shore of {V}", "winters at {V}", "was first seen at {V}", "The main home of {S} is {V}", "Flocks of {S} gather at {V}");

        return [.. relations];

        void Add(string name, string section, double inclusion, IReadOnlyList<EntityKind> kinds, Domain domain, params string[] phrases) =>
            relations.Add(new(relations.Count, name, section, inclusion, kinds, domain, phrases));
    }

    static Domain Words(params IEnumerable<string> values) => new Domain.Words([.. values]);

    static Domain Years(int first, int last) => Words(Enumerable.Range(first, last - first + 1).Select(y => $"{y}"));

    static Domain Measures(int first, int last, int step, string unit) => Words(Enumerable.Range(0, ((last - first) / step) + 1).Select(i => $"{first + (i * step)} {unit}"));
}
