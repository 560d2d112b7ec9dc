using System.Globalization;
using System.Text;

namespace ModelCollapse.Text;

/// <summary>
/// Takes accents off letters: canonical decomposition (NFD) without the marks. The project runs in the runtime's invariant mode, in which
/// <c>string.Normalize</c> leaves letters as they are, so the decompositions are here: Latin, Greek, Cyrillic, kana, and Hangul by rule.
/// </summary>
static class Accents
{
    const char Unchanged = '·';
    const int FirstHangul = 0xAC00, LastHangul = 0xD7A3, Vowels = 21, Finals = 28;

    /// <summary>Base characters of consecutive code points, as Unicode's data say; <see cref="Unchanged"/> where there is none.</summary>
    static readonly (int First, string Bases)[] Ranges =
    [
        (0x00C0,
            "AAAAAA·CEEEEIIII·NOOOOO··UUUUY··aaaaaa·ceeeeiiii·nooooo··uuuuy·y"
            + "AaAaAaCcCcCcCcDd··EeEeEeEeEeGgGgGgGgHh··IiIiIiIiI···JjKk·LlLlLl·"
            + "···NnNnNn···OoOoOo··RrRrRrSsSsSsSsTtTt··UuUuUuUuUuUuWwYyYZzZzZz·"
            + "································Oo·············Uu···············"
            + "·············AaIiOoUuUuUuUuUu·AaAaÆæ··GgKkOoOoƷʒj···Gg··NnAaÆæØø"
            + "AaAaEeEeIiIiOoOoRrRrUuUuSsTt··Hh······AaEeOoOoOoOoYy············"
            + "················"),
        (0x0370,
            "····ʹ·········;······¨Α·ΕΗΙ·Ο·ΥΩι·························ΙΥαεηι"
            + "υ·························ιυουω····ϒϒ···························"
            + "················ЕЕ·Г···І····КИУ··········И······················"
            + "·········и······················ее·г···і····киу·"),
        (0x1E00,
            "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMm"
            + "MmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv"
            + "WwWwWwWwWwXxXxYyZzZzZzhtwy·ſ····AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEe"
            + "EeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy······"
            + "ααααααααΑΑΑΑΑΑΑΑεεεεεε··ΕΕΕΕΕΕ··ηηηηηηηηΗΗΗΗΗΗΗΗιιιιιιιιΙΙΙΙΙΙΙΙ"
            + "οοοοοο··ΟΟΟΟΟΟ··υυυυυυυυ·Υ·Υ·Υ·ΥωωωωωωωωΩΩΩΩΩΩΩΩααεεηηιιοουυωω··"
            + "ααααααααΑΑΑΑΑΑΑΑηηηηηηηηΗΗΗΗΗΗΗΗωωωωωωωωΩΩΩΩΩΩΩΩααααα·ααΑΑΑΑΑ·ι·"
            + "·¨ηηη·ηηΕΕΗΗΗ᾿᾿᾿ιιιι··ιιΙΙΙΙ·῾῾῾υυυυρρυυΥΥΥΥΡ¨¨`··ωωω·ωωΟΟΩΩΩ´··"),
        (0x3040,
            "············か·き·く·け·こ·さ·し·す·せ·そ·た·ち··つ·て·と······はは·ひひ·ふふ·へへ·ほほ··"
            + "····················う·········ゝ·············カ·キ·ク·ケ·コ·サ·シ·ス·セ·ソ·"
            + "タ·チ··ツ·テ·ト······ハハ·ヒヒ·フフ·ヘヘ·ホホ······················ウ··ワヰヱヲ···ヽ·"),
    ];

    /// <summary>The text without accents.</summary>
    public static string Strip(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
            if (c is >= (char)FirstHangul and <= (char)LastHangul) Decompose(c - FirstHangul, plain);
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark) plain.Append(Base(c));
        return plain.ToString();
    }

    static char Base(char c)
    {
        foreach (var (first, bases) in Ranges)
            if (c >= first && c < first + bases.Length && bases[c - first] != Unchanged) return bases[c - first];
        return c;
    }

    /// <summary>A syllable as its letters (The Unicode Standard, 3.12).</summary>
    static void Decompose(int syllable, StringBuilder letters)
    {
        letters.Append((char)(0x1100 + syllable / (Vowels * Finals))).Append((char)(0x1161 + syllable % (Vowels * Finals) / Finals));
        if (syllable % Finals > 0) letters.Append((char)(0x11A7 + syllable % Finals));
    }
}
