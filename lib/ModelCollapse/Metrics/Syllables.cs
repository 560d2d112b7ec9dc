using System.Text.RegularExpressions;
using ModelCollapse.Text;

namespace ModelCollapse.Metrics;

/// <summary>
/// Syllables of English words by rule, since no dictionary may be shipped: groups of vowels, less silent endings, plus vowels that are spoken
/// apart. About nine words in ten agree with the CMU dictionary; a mean over a text is closer than that.
/// </summary>
public static partial class Syllables
{
    /// <summary>The number of syllables of a word, at least 1; a number written in digits counts 1.</summary>
    /// <param name="word">One word; case and accents do not matter.</param>
    public static int Count(string word)
    {
        var whole = word.ToLowerInvariant();
        var negated = AddsNot().IsMatch(whole);
        var plain = string.Concat(Accents.Strip(Contraction().Replace(whole, "")).Where(char.IsAsciiLetterLower));
        var syllables = VowelGroup().Count(plain) - (SilentEnding().IsMatch(plain) ? 1 : 0) - (SilentMiddle().IsMatch(plain) ? 1 : 0)
            + SpokenApart().Count(plain) + (EndsInSpokenM().IsMatch(plain) ? 1 : 0) + (negated ? 1 : 0);
        return Math.Max(1, syllables);
    }

    [GeneratedRegex("(n't|'s|'ll|'ve|'re|'d|')$")]
    private static partial Regex Contraction();

    /// <summary>didn't, wouldn't: here n't is a syllable, in don't it is not.</summary>
    [GeneratedRegex("^(did|could|would|should|had|has|is|was|does)n't$")]
    private static partial Regex AddsNot();

    /// <summary>A y between two vowels is a consonant.</summary>
    [GeneratedRegex("[aeiou]+(y(?![aeiou]))?|y")]
    private static partial Regex VowelGroup();

    /// <summary>hope, hopes, hoped; not table, boxes, wanted, hundred.</summary>
    [GeneratedRegex("[^aeiouy]e$(?<![^aeiouy]le)|([^aeiouylrsxzcgh]|[^cs]h|[aeiouy][lr])es$|[^aeiouytd]ed$(?<![^aeiouylr][lr]ed)")]
    private static partial Regex SilentEnding();

    /// <summary>lovely, useful, homeland.</summary>
    [GeneratedRegex("[aeiouy][^aeiouy]+e(ly|ful|less|ness|ment|like|work|land|town)s?$")]
    private static partial Regex SilentMiddle();

    /// <summary>media, radio, create, science, poet, fluent, going: two syllables where the spelling has one group.</summary>
    [GeneratedRegex("ia(?!(n|ns|l|lly|te|ted)$|ge)|(?<![cstxg])ia(?=[nlt])|(?<![cstxg])io(?=us|n)|io(?!us|n)|iu|[^q]ua(?!r)|uo|eo(?!u|ple)|(?<!t|c)ien|iet|[oe]ing|ea(?=tiv|te$)|ii|uity|iest|ier|oe(?=[tv])")]
    private static partial Regex SpokenApart();

    /// <summary>realism, rhythm.</summary>
    [GeneratedRegex("(ism|ythm)$")]
    private static partial Regex EndsInSpokenM();
}
