using System.Buffers;
using System.Globalization;
using System.Text;

namespace ModelCollapse.Text;

/// <summary>How a text is split into the pieces inside which byte pairs are merged.</summary>
public enum PreTokenization
{
    /// <summary>GPT-2's pattern (Radford et al. 2019), which OPT uses too: contractions, runs of letters, of digits, of other characters, each with one blank in front, and blanks.</summary>
    Gpt2,

    /// <summary>SmolLM's: every character of Unicode class N alone, then GPT-2's pattern on what lies between.</summary>
    SmolLM,
}

/// <summary>
/// Splits text as the pattern <c>'(s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c> does. It reads Unicode scalar
/// values: .NET's regular expressions see UTF-16 units and take a letter outside the Basic Multilingual Plane for a symbol.
/// </summary>
static class PreTokenizer
{
    enum Class : byte { Letter, Number, Space, Other }

    static readonly Class[] Basic = [.. Enumerable.Range(0, 0x10000).Select(c => char.IsSurrogate((char)c) ? Class.Other : ClassOf(new Rune((char)c)))];
    static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    /// <summary>The length in UTF-16 units of the first piece of a text that is not empty.</summary>
    public static int FirstLength(ReadOnlySpan<char> text, PreTokenization pattern)
    {
        if (text[0] == '\'')
            foreach (var contraction in Contractions)
                if (text.StartsWith(contraction, StringComparison.Ordinal)) return contraction.Length;

        // With numbers split off, a number ends the piece before it just as the end of the text does.
        var numbersApart = pattern == PreTokenization.SmolLM;
        var next = text[0] == ' ' && text.Length > 1 ? ClassAt(text, 1, out _) : Class.Space;
        var start = next != Class.Space && !(numbersApart && next == Class.Number) ? 1 : 0;
        var kind = ClassAt(text, start, out var end);
        if (numbersApart && kind == Class.Number) return end;
        end += start;
        while (end < text.Length && ClassAt(text, end, out var length) == kind) end += length;

        // The last blank of a run belongs to the word after it: \s+(?!\S) gives it back, unless it is the only one.
        var gives = kind == Class.Space && end > 1 && end < text.Length && !(numbersApart && ClassAt(text, end, out _) == Class.Number);
        return gives ? end - 1 : end;
    }

    static Class ClassAt(ReadOnlySpan<char> text, int index, out int length)
    {
        length = 1;
        if (!char.IsSurrogate(text[index])) return Basic[text[index]];
        return Rune.DecodeFromUtf16(text[index..], out var rune, out length) == OperationStatus.Done ? ClassOf(rune) : Class.Other;
    }

    static Class ClassOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Class.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Class.Number,
        _ => Rune.IsWhiteSpace(rune) ? Class.Space : Class.Other,
    };
}
