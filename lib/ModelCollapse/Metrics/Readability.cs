using System.Text;

namespace ModelCollapse.Metrics;

/// <summary>
/// Readability scores of English text from the counts of <see cref="TextCounts"/>. Under collapse sentences grow shorter or never end, so the scores
/// leave the range of human text to either side (Drayson et al. follow the reading ease over generations; literature.md, Drayson et al. 2025); compare with the human
/// text of the same corpus, not with school grades.
/// </summary>
/// <param name="counted">The counts; of one or more words.</param>
/// <exception cref="ArgumentException">There are no words.</exception>
public sealed class Readability(TextCounts counted)
{
    readonly TextCounts counts = counted.Words > 0 ? counted : throw new ArgumentException("A text without words has no readability: leave it out.", nameof(counted));

    double WordsPerSentence => (double)counts.Words / counts.Sentences;

    double SyllablesPerWord => (double)counts.Syllables / counts.Words;

    /// <summary>206.835 − 1.015 words per sentence − 84.6 syllables per word; higher is easier (Flesch 1948).</summary>
    public double FleschReadingEase => 206.835 - 1.015 * WordsPerSentence - 84.6 * SyllablesPerWord;

    /// <summary>0.39 words per sentence + 11.8 syllables per word − 15.59 (Kincaid et al. 1975).</summary>
    public double FleschKincaidGrade => 0.39 * WordsPerSentence + 11.8 * SyllablesPerWord - 15.59;

    /// <summary>0.4 (words per sentence + percentage of difficult words) (Gunning 1952).</summary>
    public double GunningFog => 0.4 * (WordsPerSentence + 100.0 * counts.DifficultWords / counts.Words);

    /// <summary>1.043 √(30 polysyllables per sentence) + 3.1291 (McLaughlin 1969).</summary>
    public double SmogIndex => 1.043 * Math.Sqrt(30.0 * counts.Polysyllables / counts.Sentences) + 3.1291;

    /// <summary>0.0588 letters per 100 words − 0.296 sentences per 100 words − 15.8 (Coleman and Liau 1975).</summary>
    public double ColemanLiauIndex => ColemanLiau(0.0588);

    /// <summary>The same with 0.058 in place of the published 0.0588: what the package textstat computes.</summary>
    public double ColemanLiauIndexOfTextstat => ColemanLiau(0.058);

    /// <summary>4.71 characters per token + 0.5 words per sentence − 21.43 (Smith and Senter 1967). Tokens are pieces between white space, as in textstat.</summary>
    public double AutomatedReadabilityIndex => 4.71 * counts.Characters / counts.Tokens + 0.5 * WordsPerSentence - 21.43;

    /// <summary>Words per sentence + percentage of words longer than six characters (Björnsson 1968).</summary>
    public double Lix => WordsPerSentence + 100.0 * counts.LongWords / counts.Words;

    double ColemanLiau(double perLetter) => perLetter * 100 * counts.Letters / counts.Words - 0.296 * 100 * counts.Sentences / counts.Words - 15.8;
}

/// <summary>What readability scores rest on, counted by the rules of the package textstat, so that scores can be compared with its.</summary>
public sealed record TextCounts
{
    /// <summary>Words: pieces between white space after all but letters, digits, underscores and apostrophes of contractions is taken out.</summary>
    public required int Words { get; init; }

    /// <summary>Sentences of three or more words, at least 1.</summary>
    public required int Sentences { get; init; }

    /// <summary>Syllables of all words.</summary>
    public required int Syllables { get; init; }

    /// <summary>Words of three or more syllables.</summary>
    public required int Polysyllables { get; init; }

    /// <summary>Difficult words for <see cref="Readability.GunningFog"/>: polysyllables; textstat leaves out those on a list of easy words.</summary>
    public required int DifficultWords { get; init; }

    /// <summary>Words of more than six characters, apostrophes not counted.</summary>
    public required int LongWords { get; init; }

    /// <summary>Characters but white space and punctuation; apostrophes are punctuation here.</summary>
    public required int Letters { get; init; }

    /// <summary>Characters but white space.</summary>
    public required int Characters { get; init; }

    /// <summary>Pieces between white space, those of punctuation alone included.</summary>
    public required int Tokens { get; init; }

    /// <summary>Counts a text; syllables by <see cref="Metrics.Syllables"/>.</summary>
    /// <param name="text">English text.</param>
    public static TextCounts Of(string text)
    {
        var words = WordsOf(text);
        int[] syllables = [.. words.Select(Metrics.Syllables.Count)];
        var polysyllables = syllables.Count(s => s >= 3);
        var dense = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        return new()
        {
            Words = words.Count,
            Sentences = SentencesOf(text),
            Syllables = syllables.Sum(),
            Polysyllables = polysyllables,
            DifficultWords = polysyllables,
            LongWords = words.Count(w => w.Replace("'", "").EnumerateRunes().Count() > 6),
            Letters = dense.EnumerateRunes().Count(IsWord),
            Characters = dense.EnumerateRunes().Count(),
            Tokens = Pieces(text).Length,
        };
    }

    /// <summary>The words of a text, lower case.</summary>
    /// <param name="text">English text.</param>
    public static IReadOnlyList<string> WordsOf(string text) => Pieces(WithoutPunctuation(text).ToLowerInvariant());

    /// <summary>Pieces that end in a run of stops and begin with the first character at a border of a word; those of one or two words are not sentences.</summary>
    static int SentencesOf(string text)
    {
        var sentences = 0;
        for (var start = 0; start < text.Length;)
        {
            if (IsStop(text[start]) || !(IsWord(text, start - 1) ^ IsWord(text, start)))
            {
                start++;
                continue;
            }

            var end = start;
            while (end < text.Length && !IsStop(text[end])) end++;
            while (end < text.Length && IsStop(text[end])) end++;
            if (WordsOf(text[start..end]).Count > 2) sentences++;
            start = end;
        }

        return Math.Max(1, sentences);
    }

    /// <summary>Takes out all but letters, digits, underscores, white space, and apostrophes before t, s, d, ve, ll and re at the end of a word.</summary>
    static string WithoutPunctuation(string text)
    {
        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            if (IsWord(text, i) || char.IsWhiteSpace(text[i]) || (text[i] == '\'' && Contracts(text, i + 1))) kept.Append(text[i]);
        return kept.ToString();
    }

    static bool Contracts(string text, int at) =>
        ((string[])["t", "s", "d", "ve", "ll", "re"]).Any(ending => text.AsSpan(at).StartsWith(ending) && !IsWord(text, at + ending.Length));

    static string[] Pieces(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    static bool IsStop(char c) => c is '.' or '!' or '?';

    /// <summary>Both halves of a character that takes two are what the whole is.</summary>
    static bool IsWord(string text, int at)
    {
        if (at < 0 || at >= text.Length) return false;
        return Rune.TryGetRuneAt(text, at > 0 && char.IsSurrogatePair(text, at - 1) ? at - 1 : at, out var rune) && IsWord(rune);
    }

    static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.IsNumber(rune) || rune.Value == '_';
}
