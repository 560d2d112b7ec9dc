using System.Security.Cryptography;
using System.Text;

namespace ModelCollapse.Text;

/// <summary>Everything that defines a byte-pair tokenizer.</summary>
sealed record TokenizerVocabulary
{
    /// <summary>Tokens in the byte alphabet, by id; null for an id without a token.</summary>
    public required string?[] Tokens { get; init; }

    /// <summary>Merges in rank order, two parts with a blank between.</summary>
    public required string[] Merges { get; init; }

    /// <summary>Tokens that are found in a text as a whole.</summary>
    public required AddedToken[] Added { get; init; }

    public PreTokenization PreTokenization { get; init; }

    public int? BosId { get; init; }

    public int[] EosIds { get; init; } = [];

    public int? PadId { get; init; }

    /// <summary>Whether <see cref="BosId"/> is put in front of a text when special tokens are asked for.</summary>
    public bool AddBos { get; init; }

    /// <summary>Tokens and their ids.</summary>
    public IEnumerable<KeyValuePair<string, int>> Ids =>
        Tokens.Index().Where(t => t.Item is not null).Select(t => KeyValuePair.Create(t.Item!, t.Index));

    /// <summary>This vocabulary, if its parts fit together.</summary>
    /// <exception cref="InputException">A token occurs twice, a merge makes no token, or a special id has none.</exception>
    public TokenizerVocabulary Checked(string source)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (var (token, id) in Ids)
            if (!known.Add(token)) throw Broken($"has the token '{token}' twice (again as id {id})");
        foreach (var merge in Merges)
            if (merge.Split(' ') is not [var left, var right] || !known.Contains(left) || !known.Contains(right) || !known.Contains(left + right))
                throw Broken($"has the merge '{merge}', which does not join two tokens into a third");
        foreach (var id in Added.Select(t => t.Id).Concat(EosIds).Append(BosId ?? 0).Append(PadId ?? 0))
            if (id < 0 || id >= Tokens.Length) throw Broken($"gives a special token the id {id}, but has ids 0 to {Tokens.Length - 1}");
        foreach (var token in Added)
            if (token.Text.Length == 0) throw Broken($"has an empty special token (id {token.Id})");
        return this;

        InputException Broken(string what) => new($"{source} {what}: the tokenizer is damaged, so get its files again.");
    }

    /// <summary>SHA-256 of all that decides the ids.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in Lines()) hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    IEnumerable<string> Lines()
    {
        yield return $"{PreTokenization} bos {BosId} add {AddBos} eos {string.Join(',', EosIds)} pad {PadId}";
        foreach (var (token, id) in Ids) yield return $"{id} {token}";
        foreach (var merge in Merges) yield return merge;
        foreach (var token in Added.OrderBy(t => t.Id)) yield return $"{token.Id} {token.Special} {token.Text}";
    }
}
