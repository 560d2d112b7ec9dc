namespace ModelCollapse.Data.Almanac;

/// <summary>
/// Invents names: one capitalised word of two or three syllables, no name the beginning of another, none a word of the grammar or of English. The syllables
/// come from short lists that the seed draws, so that a small vocabulary of byte pairs holds most of them whole.
/// </summary>
sealed class NameMaker
{
    const int FirstSyllables = 60, MiddleSyllables = 20, LastSyllables = 80;

    static readonly string[] Onsets = ["b", "br", "d", "dr", "f", "g", "gr", "h", "k", "kr", "l", "m", "n", "p", "r", "s", "t", "tr", "v", "z"];

    static readonly string[] Vowels = ["a", "e", "i", "o", "u"];

    /// <summary>Ends that few words of English have, so that names do not look like words.</summary>
    static readonly string[] Codas = ["lk", "lm", "lv", "nz", "rk", "rn", "rv", "sk", "th", "x"];

    /// <summary>The words and names of real text that the syllables could make all the same.</summary>
    static readonly string[] Known =
    [
        "basilisk", "behemoth", "debark", "demark", "detox", "duluth", "durex", "felix", "ferox", "gareth", "govern", "halifax", "helix", "latex", "lilith", "linux", "liveth",
        "lomax", "lorenz", "madox", "meredith", "miramax", "modern", "monolith", "nazareth", "paradox", "rapax", "reborn", "redox", "regolith", "relax", "remark", "remix",
        "return", "rolex", "salix", "saturn", "severn", "sinex", "sirex", "tamarisk", "tavern", "telemark", "telex", "trademark", "zenith",
    ];

    readonly Random random;
    readonly string[] first, middle, last;
    readonly HashSet<string> words, beginnings = new(StringComparer.OrdinalIgnoreCase);
    int made;

    /// <param name="random">Decides every choice.</param>
    /// <param name="taken">Words that are no names.</param>
    public NameMaker(Random random, IEnumerable<string> taken)
    {
        this.random = random;
        words = new([.. taken, .. Known], StringComparer.OrdinalIgnoreCase);
        string[] open = [.. from onset in Onsets from vowel in Vowels select onset + vowel];
        string[] plain = [.. open.Where(s => s.Length == 2)];
        first = Draw(open, FirstSyllables);
        middle = Draw(plain, MiddleSyllables);
        last = Draw([.. from syllable in plain from coda in Codas select syllable + coda], LastSyllables);
    }

    public string Next()
    {
        while (true)
        {
            // Two syllables as long as most pairs are free.
            var name = Pick(first) + (made < FirstSyllables * LastSyllables / 3 ? "" : Pick(middle)) + Pick(last);
            if (words.Contains(name) || beginnings.Contains(name) || Beginnings(name).Any(words.Contains)) continue;
            words.Add(name);
            beginnings.UnionWith(Beginnings(name));
            made++;
            return Grammar.WithCapital(name);
        }
    }

    string Pick(string[] parts) => parts[random.Next(parts.Length)];

    string[] Draw(string[] from, int count)
    {
        string[] order = [.. from];
        random.Shuffle(order);
        return order[..count];
    }

    static IEnumerable<string> Beginnings(string name) => Enumerable.Range(2, name.Length - 2).Select(length => name[..length]);
}
