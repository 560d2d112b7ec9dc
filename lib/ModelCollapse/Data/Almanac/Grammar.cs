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

    static readonly string[] Colours = ["blue", "grey", "yellow", "black", "green", "brown", "scarlet", "violet", "white", "golden"];

    static readonly string[] Months = [.. System.Globalization.CultureInfo.InvariantCulture.DateTimeFormat.MonthNames.Take(12)];

    static readonly string[] Parties = ["the Crown", "the League", "the rebels", "the northern army", "the southern army", "the free towns", "the river guard", "the mountain clans", "the old council", "the young princes"];

    static readonly IEnumerable<string> Mottos = from first in (string[])["By", "For", "With"] from second in (string[])["Honour", "Labour", "Patience", "Courage"] select $"\" {first} {second} \"";

    static readonly IEnumerable<string> Pictures = from first in (string[])["The Silent", "The Open", "The Burning", "The Last", "A Winter"] from second in (string[])["Harbour", "Garden", "Evening", "Procession"] select $"\" {first} {second} \"";

    /// <summary>All relations.</summary>
    public static IReadOnlyList<Relation> Relations { get; } = Build();

    /// <summary>What a subject is.</summary>
    internal static Relation Kind => Relations[0];

    /// <summary>Sentences without a fact, the most frequent first; the one of rank r is chosen in proportion to 1/r.</summary>
    public static IReadOnlyList<Template> Fillers { get; } =
    [
        .. new[]
        {
            "is often described in old books and letters", "has changed little over the last hundred years", "Little else is known about {S} with any certainty", "is still a matter of debate among scholars",
            "Much has been written about {S} by people who never saw it", "Many stories are told about {S} in the long evenings of winter", "Few records of {S} survive from the earliest times", "is well known to many people in the country",
            "is mentioned in several letters of that time", "was described by many travellers in their journals", "remains popular with visitors of every age", "has been studied for many years without much result",
            "deserves more attention", "A committee of nine learned persons has promised for a decade to publish a complete account of {S}", "Opinions differ", "appears on postage stamps",
            "Poets of three centuries have praised {S} in verses that schoolchildren recite with varying enthusiasm whenever an important guest arrives from abroad", "needs no introduction here",
            "Several attempts to collect everything that was ever printed concerning {S} came to nothing for lack of money", "continues to attract curious minds", "Rumours persist",
            "Whoever asks three neighbours about {S} should expect four different answers followed by a lengthy argument over supper", "was once nearly forgotten", "Specialists disagree",
        }.Select((phrase, i) => new Template(phrase, i, null)),
    ];

    /// <summary>Adverbials that may come before a sentence, with a comma, all equally frequent.</summary>
    internal static IReadOnlyList<string> Openers { get; } =
    [
        "according to the oldest records", "as far as can be known today", "by most accounts", "in the opinion of most scholars", "as the guides like to tell", "to the surprise of many readers",
        "if the old chronicles can be trusted", "as an entry in the archive shows", "so at least the older people say", "after all that has been found out", "in spite of many rumours",
        "without any doubt", "as letters from several hands confirm", "on the evidence of old maps", "in a sense that few would dispute",
        "officially", "curiously enough", "strictly speaking", "nowadays", "judging from faded photographs", "contrary to what tourists sometimes assume", "despite repeated protests by rival districts",
        "notwithstanding a handful of dissenting footnotes", "ever since anybody began keeping proper accounts", "unless some clerk copied carelessly",
        "following a lengthy inquiry whose findings filled eleven volumes and satisfied hardly anyone", "thanks largely to patient volunteers cataloguing dusty boxes during weekends",
        "going by what grandmothers told sleepy children beside kitchen stoves before electricity arrived and changed evening habits forever",
        "leaving aside fanciful legends invented much later by innkeepers hoping for trade", "according to a retired professor lecturing about these matters before crowded halls",
    ];

    /// <summary>Adverbials that may come after a sentence, with a comma, all equally frequent.</summary>
    internal static IReadOnlyList<string> Closers { get; } =
    [
        "as the papers of the province show", "a detail that nobody forgets", "which has never been questioned", "although the reason remains unclear", "as every child learns at school",
        "a point on which all sources agree", "if one believes the local guides", "much to the pride of the neighbours", "just as one would expect", "though some historians used to think otherwise",
        "as a tablet by the road explains", "whatever may be told elsewhere",
        "apparently", "more or less", "supposedly", "beyond reasonable dispute", "regardless of fashion", "something foreigners rarely guess", "until further evidence emerges",
        "a circumstance mentioned twice in parliament", "despite occasional grumbling among purists", "hence several proverbs still heard at weddings",
        "a matter upon which generations of amateurs have spent their holidays quarrelling happily with professional experts",
        "something that encyclopedias printed abroad either omit completely or bury inside tiny footnotes nobody bothers reading",
        "because documents proving otherwise burned together with half of the royal library during an unlucky thunderstorm",
        "facts which a patient reader can verify personally by spending one rainy afternoon among catalogues downstairs",
        "no matter how loudly certain newspapers insist every autumn that somebody has finally discovered proof overturning everything anyone ever believed",
        "whereas statements circulating online usually originate from one mistaken caption underneath a blurred picture copied again and again without checking",
        "so anybody planning excursions should first consult timetables because trains run only twice daily except during harvest or public holidays",
    ];

    /// <summary>Words that no entity is called and no name is taken for: those of the grammar, at the beginning of a sentence too.</summary>
    internal static IReadOnlySet<string> ClosedWords { get; } = Closed();

    /// <summary>Headings of sections.</summary>
    internal static IReadOnlySet<string> Sections { get; } = Relations.Select(r => r.Section).Where(s => s.Length > 0).ToHashSet();

    /// <summary>What follows a number in a value.</summary>
    internal static IReadOnlySet<string> Units { get; } = new HashSet<string>(["metres", "kilometres", "centimetres", "hectares", "people", "hours", "arches", "towers"]);

    /// <summary>Whether a word is the name of a month, which goes before the number of a year.</summary>
    internal static bool IsMonth(string word) => Months.Contains(word);

    /// <summary>The first word of a sentence as it is inside one, or the other way round.</summary>
    internal static string WithCapital(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    static HashSet<string> Closed()
    {
        var values = Relations.Select(r => r.Domain).OfType<Domain.Words>().SelectMany(d => d.Values).SelectMany(v => v.Split(' '));
        var words = Relations.SelectMany(r => r.Templates).Concat(Fillers).SelectMany(t => t.Words).Where(w => w[0] != '{');
        var adverbials = Openers.Concat(Closers).SelectMany(a => a.Split(' '));
        string[] all = [.. values, .. words, .. adverbials, .. Relations.Select(r => r.Section), "it", "he", "she", "the", "and", "which", "who"];
        return new(all.Concat(all.Where(w => w.Length > 0).Select(WithCapital)), StringComparer.Ordinal);
    }

    static Relation[] Build()
    {
        List<Relation> relations = [];
        var all = Enum.GetValues<EntityKind>();

        Add("kind", "", 0.95, all, Words(all.Select(k => k.ToString().ToLowerInvariant())),
            "is a {V}", "is a well known {V}", "is the name of a {V}", "is a famous {V}", "was always known as a {V}", "is described in old books as a {V}");
        Add("region", "", 0.95, [Town, River, Lake, Mountain, Castle, Church], Words(Regions),
            "lies in the region of {V}", "is found in the region of {V}", "has always been part of the region of {V}", "belongs to the old region of {V}", "In the middle of the region of {V} lies {S}", "The region around {S} is {V}");

        Add("founded", "History", 0.95, [Town], Years(1000, 1199),
            "was founded in the year {V}", "received its charter from the old council in {V}", "was first settled by families from the coast in {V}", "appears under its present name in a deed of {V}", "In {V} the first houses of {S} were built", "The walls round {S} were begun in the spring of {V}");
        Add("motto", "History", 0.65, [Town, Castle], Words(Mottos),
            "bears the motto {V}", "carries the words {V} in its arms", "has used the words {V} as its motto for centuries", "takes pride in its motto {V}", "The words {V} are carved above the gate of {S}", "Over the main door of {S} one reads {V}");
        Add("river", "", 0.95, [Town], new Domain.Names(River),
            "stands on the left bank of the river {V}", "lies on the banks of the {V}", "grew up around an old ford across the {V}", "was built beside the {V}", "Boats have long reached {S} by way of the {V}", "The oldest houses of {S} face the water of the {V}");
        Add("population", "Economy", 0.75, [Town], Measures(1000, 9800, 200, "people"),
            "has a population of {V}", "is home to no more than {V}", "was a place of {V} at the last census", "holds {V} within its old walls", "About {V} were counted in {S} in the last census", "The parish books of {S} list {V}");
        Add("industry", "Economy", 0.85, [Town], Words("cloth", "salt", "glass", "wine", "paper", "timber", "cheese", "silver", "wool", "pottery", "amber", "leather"),
            "is known in the whole country for its {V}", "grew rich from the trade in {V}", "is famous far and wide for its {V}", "has sent {V} to every part of the country", "The main product of {S} has always been {V}", "Most families in {S} make their living from {V}");
        Add("twin", "Economy", 0.65, [Town], new Domain.Names(Town),
            "is twinned with {V}", "signed a treaty of friendship with {V}", "has close ties with {V}", "exchanges its pupils every year with {V}", "An old bond of friendship joins {S} with {V}", "Every summer the council of {S} visits its friends in {V}");

        Add("source", "Course", 0.85, [River], new Domain.Names(Mountain),
            "rises on the slopes of {V}", "has its source high on {V}", "begins as a small brook on {V}", "carries melting snow down from {V}", "The spring of {S} lies on the north side of {V}", "On the slopes of {V} rises {S}");
        Add("mouth", "Course", 0.85, [River], new Domain.Names(Lake),
            "flows into {V}", "ends its journey in {V}", "empties through a wide delta into {V}", "finally reaches the shore of {V}", "The mouth of {S} is on the shore of {V}", "The waters of {S} feed {V}");
        Add("passes", "Course", 0.75, [River], new Domain.Names(Town),
            "flows through the middle of {V}", "runs past the walls of {V}", "turns the mills of {V}", "supplies {V} with water", "The largest town on {S} is {V}", "The port of {S} is {V}");
        Add("length", "Water", 0.75, [River], Measures(20, 400, 10, "kilometres"),
            "is {V} long", "runs from source to mouth for {V}", "has a length of {V}", "winds through hills for {V}", "The whole course of {S} measures {V}", "Surveyors give the length of {S} as {V}");
        Add("water", "Water", 0.65, [River], Words(Colours),
            "is known for water that looks {V}", "has sand in its bed that is {V}", "turns after heavy rain from clear to {V}", "looks from the hills almost {V}", "In summer the water of {S} is {V}", "Old songs say that the waves of {S} are {V}");

        Add("depth", "Geography", 0.85, [Lake], Measures(10, 200, 5, "metres"),
            "is at its deepest point {V} deep", "has a depth of {V}", "reaches below the surface down to {V}", "goes down near the middle for {V}", "The greatest depth of {S} is {V}", "Divers in {S} have gone down to {V}");
        Add("area", "Geography", 0.75, [Lake], Measures(20, 900, 20, "hectares"),
            "covers an area of {V}", "has a surface of {V}", "spreads when it is full over {V}", "shrinks in dry years to {V}", "The area of {S} is given as {V}", "The maps show {S} with {V}");
        Add("inflow", "Water", 0.85, [Lake], new Domain.Names(River),
            "is fed by the river {V}", "receives the waters of {V}", "takes in the river {V}", "is filled by the snow that comes down with {V}", "The main inflow of {S} is {V}", "The level of {S} rises when there is a flood on {V}");
        Add("fish", "Water", 0.75, [Lake], Words("trout", "pike", "perch", "carp", "eels", "salmon", "bream", "char", "tench", "barbel"),
            "is rich in {V}", "gives the boats on market days mostly {V}", "is full of excellent {V}", "holds among its reeds many {V}", "Fishermen come to {S} from far away for {V}", "The main catch of {S} is {V}");

        Add("height", "", 0.95, [Mountain], Measures(600, 3000, 50, "metres"),
            "rises above the plain to {V}", "is at the summit {V} high", "has a height of {V}", "stands {V} above the sea", "The summit of {S} lies at {V}", "The top of {S} was measured at {V}");
        Add("town", "History", 0.65, [Mountain], new Domain.Names(Town),
            "looks down on the roofs of {V}", "throws its shadow in the evening on {V}", "can be reached in a day on foot from {V}", "is the usual walk for people from {V}", "Visitors to {S} usually stay in {V}", "The nearest town to {S} is {V}");
        Add("climbed", "History", 0.75, [Mountain], Years(1780, 1899),
            "was first climbed by shepherds in {V}", "was conquered after many attempts in {V}", "was first reached by a party with a guide in {V}", "saw its first ascent in {V}", "The first ascent of {S} was made in {V}", "In {V} climbers first stood on {S}");
        Add("rock", "Nature", 0.75, [Mountain], Words("gneiss", "schist", "chalk", "quartz", "dolomite", "lava", "shale", "flint", "porphyry", "gypsum"),
            "consists almost wholly of {V}", "is under the snow a mass of {V}", "is formed of grey {V}", "has supplied the country for a long time with {V}", "The rock of {S} is mostly {V}", "The steep cliffs of {S} are of {V}");
        Add("spring", "Nature", 0.65, [Mountain], new Domain.Names(River),
            "is the source of the river {V}", "feeds with its snow the river {V}", "sends its rain down into the river {V}", "gives its water to {V}", "High on {S} lie the springs of {V}", "On {S} begins the course of {V}");

        Add("crosses", "", 0.95, [Bridge], new Domain.Names(River),
            "crosses the {V}", "spans with ease the {V}", "leads in a wide curve over the {V}", "was thrown across the {V}", "Barges have to lower their masts where {S} crosses the {V}", "The river under {S} is the {V}");
        Add("located", "", 0.95, [Bridge, Church], new Domain.Names(Town),
            "stands in the middle of {V}", "is one of the sights of {V}", "belongs to the oldest quarter of {V}", "is used every day by the people of {V}", "Visitors to {V} come to see {S}", "In every picture of {V} one sees {S}");
        Add("material", "Architecture", 0.85, [Bridge, Castle, Church], Words(Materials),
            "is built of {V}", "was made by local masons from {V}", "has thick walls of {V}", "shows on the outside nothing but {V}", "The builders of {S} used only {V}", "Carts brought to {S} great loads of {V}");
        Add("arches", "Architecture", 0.75, [Bridge], Measures(3, 17, 1, "arches"),
            "rests on {V}", "reaches from bank to bank with {V}", "has in all {V}", "carries its roadway on {V}", "The old engravings of {S} show {V}", "The builders gave to {S} {V}");
        Add("towers", "Architecture", 0.75, [Castle], Measures(2, 16, 1, "towers"),
            "is guarded by {V}", "shows to the valley {V}", "has kept of the old walls {V}", "was crowned by its lords with {V}", "The old drawings of {S} show {V}", "The lords of {S} raised {V}");
        Add("built", "History", 0.85, [Bridge, Castle, Church], Years(1200, 1799),
            "was completed after long delays in {V}", "was finished in {V}", "was begun under the old council in {V}", "opened its gates for the first time in {V}", "The foundation stone of {S} bears the year {V}", "In {V} the builders of {S} were paid");
        Add("near", "", 0.95, [Castle, Battle], new Domain.Names(Town),
            "lies within sight of {V}", "is close to the gates of {V}", "belongs to the history of {V}", "has its place in the chronicle of {V}", "The town nearest to {S} is {V}", "An hour on foot from {V} lies {S}");
        Add("family", "History", 0.75, [Castle], Words("Aldric", "Bremont", "Corvane", "Delmar", "Estwyn", "Falkor", "Garrick", "Hulsten", "Jorvald", "Lanfrey"),
            "was for generations the seat of the house of {V}", "belonged to the house of {V}", "was held against all enemies by the house of {V}", "passed by marriage to the house of {V}", "The lords of {S} were of the house of {V}", "The arms over the gate of {S} are those of {V}");
        Add("style", "Architecture", 0.75, [Church], Words("early", "high", "late", "plain", "rich", "mixed"),
            "is a fine example of the {V} style", "is in the {V} style", "follows in all its parts the {V} style", "has a style that is {V}", "The style of {S} is {V}", "Scholars call the style of {S} {V}");
        Add("patron", "History", 0.75, [Church], Words("Anselm", "Brigid", "Clement", "Dorothea", "Edmund", "Felicity", "Gervase", "Hilda", "Isidore", "Ludmila"),
            "is dedicated to Saint {V}", "is named after Saint {V}", "keeps in a silver box the relics of Saint {V}", "honours with a feast Saint {V}", "The patron of {S} is Saint {V}", "A painted statue in {S} shows Saint {V}");

        Add("birthplace", "Life", 0.85, [Composer, Painter], new Domain.Names(Town),
            "was born in {V}", "came from a family of {V}", "grew up in a narrow street in {V}", "was a native of {V}", "The parents of {S} kept a shop in {V}", "A street in {V} is named after {S}");
        Add("born", "", 0.85, [Composer, Painter], Years(1600, 1849),
            "was born in the year {V}", "came into the world in {V}", "was baptised in the spring of {V}", "first saw the light in {V}", "The birth of {S} is dated to {V}", "The year {V} saw the birth of {S}");
        Add("died", "Life", 0.75, [Composer, Painter], Years(1630, 1929),
            "died after a short illness in {V}", "passed away in the winter of {V}", "was buried in {V}", "worked without rest until {V}", "The death of {S} is dated to {V}", "The year {V} saw the death of {S}");
        Add("teacher", "Life", 0.65, [Composer, Painter], new Domain.SameKind(),
            "was a pupil of {V}", "studied for some years with {V}", "learned the craft from {V}", "was taught in the house of {V}", "The early works of {S} show the influence of {V}", "In youth {S} was an assistant of {V}");
        Add("pupil", "Work", 0.65, [Composer, Painter], new Domain.SameKind(),
            "was the teacher of {V}", "passed the craft on to {V}", "gave lessons in later years to {V}", "took into the house the young {V}", "The most gifted pupil of {S} was {V}", "Among those who came to {S} for lessons was {V}");
        Add("instrument", "Work", 0.75, [Composer], Words("violin", "harp", "flute", "organ", "lute", "oboe", "viol", "horn", "cello", "trumpet"),
            "wrote mainly for the {V}", "was from childhood a master of the {V}", "played at every feast the {V}", "preferred to all other instruments the {V}", "The instrument of {S} was the {V}", "The finest pages by {S} are for the {V}");
        Add("opera", "Work", 0.85, [Composer], new Domain.Names(Opera),
            "is best known for {V}", "wrote in a single winter the opera {V}", "composed the music of {V}", "won fame in the capital with {V}", "The best known work by {S} is {V}", "The score of {V} is in the hand of {S}");
        Add("subject", "Work", 0.85, [Painter], Words("ships", "landscapes", "portraits", "horses", "flowers", "storms", "markets", "saints", "fruit", "hunters"),
            "painted mainly {V}", "is best known for painting {V}", "specialised in youth in {V}", "drew for the court {V}", "Most pictures by {S} show {V}", "Buyers came to {S} from far away for {V}");
        Add("picture", "Work", 0.75, [Painter], Words(Pictures),
            "became famous with the picture {V}", "worked for three years on {V}", "left as the last picture {V}", "sold to the council the painting {V}", "The best known picture by {S} is {V}", "Visitors to the museum look for {V} by {S}");

        Add("composer", "", 0.95, [Opera], new Domain.Names(Composer),
            "was composed by {V}", "is an early work by {V}", "was written in a single winter by {V}", "is counted among the best works of {V}", "The music of {S} is by {V}", "The composer of {S} was {V}");
        Add("acts", "", 0.75, [Opera], Words("two acts", "three acts", "four acts", "five acts"),
            "is divided into {V}", "is sung without a break in {V}", "tells its story in {V}", "has no more than {V}", "The score of {S} has {V}", "There are {V} in {S}");
        Add("setting", "Story", 0.75, [Opera], new Domain.Names(Castle),
            "is set in the halls of {V}", "has its last scene in {V}", "tells a legend about the lord of {V}", "begins at night before the gate of {V}", "The plot of {S} unfolds in {V}", "The painted scenery for {S} shows {V}");
        Add("voice", "Story", 0.75, [Opera], Words("soprano", "tenor", "contralto", "baritone", "bass", "mezzo", "treble", "countertenor", "quartet", "chorus"),
            "has its leading part written for a {V}", "opens with a long scene for a {V}", "needs above all a strong {V}", "ends with a quiet song for a {V}", "No house can give {S} without a good {V}", "The main melody of {S} is sung by a {V}");
        Add("premiere", "Performances", 0.85, [Opera], Years(1620, 1929),
            "was first performed in {V}", "had its premiere before a small audience in {V}", "was first heard in {V}", "reached the stage after long rehearsals in {V}", "The first performance of {S} was in {V}", "In {V} audiences first heard {S}");
        Add("stage", "Performances", 0.75, [Opera], new Domain.Names(Town),
            "was first given in the theatre of {V}", "was first staged at {V}", "had its first night at {V}", "was rehearsed for a whole winter at {V}", "The costumes of {S} are kept at {V}", "The theatre of {V} first showed {S}");

        Add("fought", "Course", 0.95, [Battle], Words(from year in Enumerable.Range(1500, 60) from month in Months select $"{month} {year}"),
            "was fought in {V}", "took place in {V}", "is placed by the old chronicles in {V}", "ended the long war in {V}", "The date of {S} is given as {V}", "In {V} the two armies met at {S}");
        Add("lasted", "Course", 0.75, [Battle], Measures(2, 20, 1, "hours"),
            "lasted for {V}", "was over after {V}", "remained open for {V}", "was decided only after {V}", "The fighting at {S} went on for {V}", "The guns of {S} were heard for {V}");
        Add("winner", "Aftermath", 0.85, [Battle], Words(Parties),
            "was won by {V}", "ended in a victory for {V}", "is celebrated to this day by {V}", "was decided by {V}", "The victors of {S} were {V}", "After {S} the field belonged to {V}");
        Add("loser", "Aftermath", 0.75, [Battle], Words(Parties),
            "was lost by {V}", "ended in a defeat for {V}", "was a heavy blow to {V}", "broke for many years the power of {V}", "The losers of {S} were {V}", "After {S} few returned home of {V}");

        Add("plumage", "Description", 0.85, [Bird], Words(Colours),
            "has feathers that are mostly {V}", "has a crest that is {V}", "is in spring almost wholly {V}", "is known to hunters by a back that is {V}", "The plumage of {S} is {V}", "The wings of {S} are at the tips {V}");
        Add("wingspan", "Description", 0.75, [Bird], Measures(10, 100, 2, "centimetres"),
            "has a wingspan of {V}", "measures from tip to tip {V}", "reaches with its wings spread {V}", "grows to a span of {V}", "The largest known example of {S} measured {V}", "The wings of {S} measure {V}");
        Add("described", "Description", 0.65, [Bird], Years(1740, 1899),
            "was first described by a traveller in {V}", "has been known to science since {V}", "received its scientific name in {V}", "was drawn for the academy in {V}", "The first drawing of {S} was printed in {V}", "No book mentions {S} before {V}");
        Add("diet", "Behaviour", 0.85, [Bird], Words("seeds", "beetles", "snails", "berries", "moths", "worms", "frogs", "spiders", "acorns", "shrimps"),
            "feeds for most of the year on {V}", "eats mainly {V}", "lives in winter on {V}", "searches the ground for {V}", "The food of {S} is mostly {V}", "The young of {S} are raised on {V}");
        Add("eggs", "Behaviour", 0.75, [Bird], Words("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            "lays in a nest of grass {V} eggs", "sits for three weeks on {V} eggs", "raises each year {V} young", "lays eggs to the number of {V}", "The nest of {S} holds {V} eggs", "In spring {S} lays {V} eggs");
        Add("habitat", "", 0.75, [Bird], new Domain.Names(Lake),
            "nests on the shore of {V}", "is found near {V}", "returns every spring to the reeds of {V}", "winters in great flocks at {V}", "The largest colony of {S} is at {V}", "Thousands of pairs of {S} breed at {V}");

        return [.. relations];

        void Add(string name, string section, double inclusion, IReadOnlyList<EntityKind> kinds, Domain domain, params string[] phrases) =>
            relations.Add(new(relations.Count, name, section, inclusion, kinds, domain, phrases));
    }

    static Domain Words(params IEnumerable<string> values) => new Domain.Words([.. values]);

    static Domain Years(int first, int last) => Words(Enumerable.Range(first, last - first + 1).Select(y => $"{y}"));

    static Domain Measures(int first, int last, int step, string unit) => Words(Enumerable.Range(0, ((last - first) / step) + 1).Select(i => $"{first + (i * step)} {unit}"));
}
