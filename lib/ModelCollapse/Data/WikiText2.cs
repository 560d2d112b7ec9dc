using System.Security.Cryptography;
using System.Text;

namespace ModelCollapse.Data;

/// <summary>The two published forms of WikiText-2.</summary>
public enum WikiTextVersion
{
    /// <summary><c>wikitext-2-raw-v1</c>: every word as written.</summary>
    Raw,

    /// <summary><c>wikitext-2-v1</c>: words outside a vocabulary of 33,278 are <c>&lt;unk&gt;</c>.</summary>
    Tokens,
}

/// <summary>
/// WikiText-2 (Merity et al. 2016, licence CC BY-SA 3.0 and GFDL): 600, 60 and 60 articles of the English Wikipedia in splits
/// <c>train</c>, <c>valid</c> and <c>test</c>. A split is read from <c>wiki.train.raw</c> or <c>wiki.train.tokens</c>, or from Hugging
/// Face's <c>wikitext-2-raw-v1/train-00000-of-00001.parquet</c>; both hold the same text and give the same hash.
/// </summary>
/// <param name="folder">The folder with the files.</param>
/// <param name="version">Which form to read.</param>
/// <param name="verify">Whether to refuse a text that does not have the published SHA-256.</param>
public sealed class WikiText2(string folder, WikiTextVersion version, bool verify = true) : ICorpus
{
    readonly Dictionary<string, string> texts = [];

    /// <summary>The splits.</summary>
    public static IReadOnlyList<string> Splits { get; } = ["train", "valid", "test"];

    /// <inheritdoc/>
    public string Name => version == WikiTextVersion.Raw ? "wikitext-2-raw" : "wikitext-2-tokens";

    /// <summary>SHA-256 of the published text of a split.</summary>
    public static string Sha256(WikiTextVersion version, string split) => (version, split) switch
    {
        (WikiTextVersion.Raw, "train") => "6707892fa3788b5ab9ed78ab5ff37d9fe825f6011a2ad4fcd6a6d467f0e7da57",
        (WikiTextVersion.Raw, "valid") => "4cd0f6876d07a413aa911261ff6d363c72d757d47f0fdd6015702014c89cb9c7",
        (WikiTextVersion.Raw, "test") => "173c87a53759e0201f33e0ccf978e510c2042d7f2cb78229d9a50d79b9e7dd08",
        (WikiTextVersion.Tokens, "train") => "9e9fa1ad55b1c2c95b08e37dd8e653f638fac2c6de904b79e813611eefbc985f",
        (WikiTextVersion.Tokens, "valid") => "f0737ed31fc1329026e95cb8b98e19c2a182c39c240ab909dc31abf2f8af58e8",
        (WikiTextVersion.Tokens, "test") => "d790b833ef8cf03a90db7bf1271b7520b83c45ce07ba3c1a9699df81e239eca0",
        _ => throw new InputException($"WikiText-2 has no split '{split}': choose {string.Join(", ", Splits)}."),
    };

    /// <summary>The articles of a split; one after the other they are the split's text.</summary>
    public IReadOnlyList<string> Documents(string? split) => Articles(Text(split));

    /// <summary>The rows of a split as the <c>datasets</c> library gives them.</summary>
    public IEnumerable<string> RowsOf(string? split) => Rows.Of(Text(split));

    /// <inheritdoc/>
    public string Hash(string? split) => HashOf(Text(split));

    /// <summary>The whole text of a split, as in <c>wiki.train.raw</c>.</summary>
    /// <exception cref="InputException">There is no such split, its file is missing, or it is not the published text.</exception>
    public string Text(string? split)
    {
        if (split is null) throw new InputException($"{Name} is divided into splits: choose {string.Join(", ", Splits)}.");
        if (texts.TryGetValue(split, out var known)) return known;
        var expected = Sha256(version, split);
        var path = PathOf(split) ?? throw new InputException(
            $"{Path.Combine(folder, PlainName(version, split))} is missing: run 'collapse fetch wikitext-2', or put that file (or Hugging Face's {ParquetName(version, split)}) into {folder}.");
        var text = path.EndsWith(".parquet", StringComparison.Ordinal) ? Rows.ToWikiText(ParquetText.Read(path)) : TextFile.Read(path);
        var hash = verify ? HashOf(text) : expected;
        if (hash != expected)
            throw new InputException($"{path} is not the {split} split of {Name} (SHA-256 {hash} instead of {expected}): remove it and run 'collapse fetch wikitext-2'.");
        return texts[split] = text;
    }

    /// <summary>
    /// Divides a text into articles. An article begins at a heading of the first level, <c> = Title = </c>, between two blank lines; lines
    /// like <c> = 1 henry and capacitance C = </c> inside a paragraph or a table do not count. Text before the first heading belongs to
    /// the first article.
    /// </summary>
    public static IReadOnlyList<string> Articles(string text)
    {
        List<string> articles = [];
        var (begin, headings, previousBlank) = (0, 0, true);
        for (var start = 0; start < text.Length;)
        {
            var end = EndOfLine(text, start);
            var line = text.AsSpan(start, end - start);
            if (previousBlank && IsTitle(line) && text.AsSpan(end, EndOfLine(text, end) - end).IsWhiteSpace() && headings++ > 0)
            {
                articles.Add(text[begin..start]);
                begin = start;
            }

            previousBlank = line.IsWhiteSpace();
            start = end;
        }

        if (begin < text.Length) articles.Add(text[begin..]);
        return articles;
    }

    static bool IsTitle(ReadOnlySpan<char> line)
    {
        line = line.TrimEnd('\n');
        return line.Length > 6 && line.StartsWith(" = ") && line.EndsWith(" = ") && line[3] != '=' && line[^4] != '=';
    }

    static int EndOfLine(string text, int start)
    {
        var at = text.IndexOf('\n', start);
        return at >= 0 ? at + 1 : text.Length;
    }

    /// <summary>SHA-256 of a text in UTF-8.</summary>
    internal static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The name of a split's plain text file.</summary>
    internal static string PlainName(WikiTextVersion version, string split) => $"wiki.{split}.{(version == WikiTextVersion.Raw ? "raw" : "tokens")}";

    /// <summary>The name of a split's Parquet file, as published by Hugging Face.</summary>
    internal static string ParquetName(WikiTextVersion version, string split) =>
        $"{(version == WikiTextVersion.Raw ? "wikitext-2-raw-v1" : "wikitext-2-v1")}/{(split == "valid" ? "validation" : split)}-00000-of-00001.parquet";

    string? PathOf(string split) =>
        new[] { PlainName(version, split), ParquetName(version, split) }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
