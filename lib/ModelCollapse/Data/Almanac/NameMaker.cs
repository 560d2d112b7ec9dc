using System.Text;

namespace ModelCollapse.Data.Almanac;

/// <summary>Invents names: one capitalised word of two or three syllables, no name the beginning of another, none a word of the grammar.</summary>
sealed class NameMaker(Random random, IEnumerable<string> taken)
{
    static readonly string[] Onsets = ["b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "br", "dr", "gr", "kr", "st", "tr", "th", "sh"];

    static readonly string[] Vowels = ["a", "e", "i", "o", "u"];

    static readonly string[] Codas = ["n", "r", "l", "s", "m", "nd", "rn", "ld", "rk", "st"];

    readonly HashSet<string> words = new(taken, StringComparer.OrdinalIgnoreCase), beginnings = new(StringComparer.OrdinalIgnoreCase);

    public string Next()
    {
        while (true)
        {
            var name = Invent();
            if (words.Contains(name) || beginnings.Contains(name) || Beginnings(name).Any(words.Contains)) continue;
            words.Add(name);
            beginnings.UnionWith(Beginnings(name));
            return name;
        }
    }

    string Invent()
    {
        var name = new StringBuilder();
        for (var syllable = random.Next(3) == 0 ? 1 : 2; syllable > 0; syllable--) name.Append(Pick(Onsets)).Append(Pick(Vowels));
        name.Append(Pick(Onsets)).Append(Pick(Vowels)).Append(Pick(Codas));
        name[0] = char.ToUpperInvariant(name[0]);
        return name.ToString();
    }

    string Pick(string[] parts) => parts[random.Next(parts.Length)];

    static IEnumerable<string> Beginnings(string name) => Enumerable.Range(2, name.Length - 2).Select(length => name[..length]);
}
