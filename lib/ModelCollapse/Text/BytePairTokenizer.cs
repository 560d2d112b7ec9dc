using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace ModelCollapse.Text;

/// <summary>
/// Byte-level byte-pair encoding (Radford et al. 2019) of OPT and of SmolLM2: any text becomes ids, and every id decodes to bytes.
/// Merging is done by Microsoft.ML.Tokenizers; splitting into pieces, special tokens and decoding are done here, since they differ
/// between the two models. Safe for use by several threads.
/// </summary>
public sealed class BytePairTokenizer
{
    const int LongestCachedPiece = 64;
    const int MostCachedPieces = 1 << 18;

    readonly BpeTokenizer merger;
    readonly byte[]?[] bytes;
    readonly AddedTokenMatcher matcher;
    readonly HashSet<int> special;
    readonly ConcurrentDictionary<string, int[]> pieces = new(StringComparer.Ordinal);

    internal BytePairTokenizer(TokenizerVocabulary vocabulary)
    {
        Vocabulary = vocabulary;
        merger = BpeTokenizer.Create(new BpeOptions(vocabulary.Ids) { Merges = vocabulary.Merges, ByteLevel = true });
        bytes = [.. vocabulary.Tokens.Select(t => t is null ? null : ByteAlphabet.Read(t))];
        foreach (var token in vocabulary.Added) bytes[token.Id] = Encoding.UTF8.GetBytes(token.Text);
        matcher = new(vocabulary.Added);
        special = [.. vocabulary.Added.Where(t => t.Special).Select(t => t.Id)];
        Hash = vocabulary.Hash();
    }

    internal TokenizerVocabulary Vocabulary { get; }

    /// <summary>Number of ids: the largest id plus 1. A model may have more rows than that.</summary>
    public int VocabularySize => bytes.Length;

    /// <summary>SHA-256 (lower-case hexadecimal) of everything that decides the ids: tokens, merges, added tokens, splitting rule.</summary>
    public string Hash { get; }

    /// <summary>The id put in front of a text, and the first id of a generation without prompt; null if there is none.</summary>
    public int? BosId => Vocabulary.BosId;

    /// <summary>The ids that end a text.</summary>
    public IReadOnlyList<int> EosIds => Vocabulary.EosIds;

    /// <summary>The id of padding; null if there is none.</summary>
    public int? PadId => Vocabulary.PadId;

    /// <summary>How a text is split before merging.</summary>
    public PreTokenization PreTokenization => Vocabulary.PreTokenization;

    /// <summary>The tokens that are found in a text as a whole.</summary>
    public IReadOnlyList<AddedToken> AddedTokens => Vocabulary.Added;

    /// <summary>OPT's tokenizer from its published <c>vocab.json</c> and <c>merges.txt</c>.</summary>
    /// <remarks>
    /// <c>&lt;/s&gt;</c> (2) goes in front of every text and also ends one. <c>&lt;/s&gt;</c> and <c>&lt;pad&gt;</c> (1) inside a text are
    /// special; <c>&lt;s&gt;</c>, <c>&lt;unk&gt;</c> and <c>&lt;mask&gt;</c> are ordinary text, since the published tokenizer does not list them.
    /// </remarks>
    /// <exception cref="InputException">A file is missing or cannot be read.</exception>
    public static BytePairTokenizer Opt(string folder) => new(TokenizerFiles.Read(folder, TokenizerFiles.Opt));

    /// <summary>The tokenizer that <see cref="Save"/> wrote, or Hugging Face's three files; without <c>tokenizer_config.json</c>, as <see cref="Opt"/>.</summary>
    /// <exception cref="InputException">A file is missing or cannot be read.</exception>
    public static BytePairTokenizer Load(string folder) => new(TokenizerFiles.Read(folder));

    /// <summary>A tokenizer from the metadata of a GGUF file (<c>tokenizer.ggml.*</c>, model <c>gpt2</c>).</summary>
    /// <param name="tokens">Tokens in id order.</param>
    /// <param name="merges">Merges in rank order, two parts with a blank between.</param>
    /// <param name="tokenTypes">One per token: 3 (control) becomes a special token, 4 (user defined) an added one; others are ordinary.</param>
    /// <param name="pre">The name of the splitting rule: <c>smollm</c>, <c>gpt-2</c> or <c>default</c>.</param>
    /// <param name="bos">Id of the beginning of a text, or null.</param>
    /// <param name="eos">Id of the end of a text, or null.</param>
    /// <param name="pad">Id of padding, or null.</param>
    /// <param name="addBos"><c>tokenizer.ggml.add_bos_token</c>: whether <paramref name="bos"/> goes in front of a text when special tokens are asked for.</param>
    /// <exception cref="InputException">The splitting rule is unknown or the lists do not fit together.</exception>
    public static BytePairTokenizer FromGgufParts(
        IReadOnlyList<string> tokens, IReadOnlyList<string> merges, IReadOnlyList<int> tokenTypes, string pre, int? bos, int? eos, int? pad, bool addBos = false)
    {
        const int control = 3, userDefined = 4;
        if (tokens.Count != tokenTypes.Count)
            throw new InputException($"The GGUF file has {tokens.Count} tokens but {tokenTypes.Count} token types: it is damaged, so fetch it again.");
        return new(new TokenizerVocabulary
        {
            Tokens = [.. tokens],
            Merges = [.. merges],
            Added = [.. tokens.Index().Where(t => tokenTypes[t.Index] is control or userDefined).Select(t => new AddedToken(t.Index, t.Item, tokenTypes[t.Index] == control))],
            PreTokenization = pre switch
            {
                "smollm" => PreTokenization.SmolLM,
                "gpt-2" or "default" => PreTokenization.Gpt2,
                _ => throw new InputException($"The GGUF file asks for the pre-tokenizer '{pre}', but only smollm and gpt-2 are known here: use a model of the SmolLM or GPT-2 family."),
            },
            BosId = bos,
            EosIds = eos is { } id ? [id] : [],
            PadId = pad,
            AddBos = addBos,
        }.Checked("The GGUF file"));
    }

    /// <summary>Writes <c>vocab.json</c>, <c>merges.txt</c> and <c>tokenizer_config.json</c> into an existing folder.</summary>
    public void Save(string folder) => TokenizerFiles.Write(folder, Vocabulary);

    /// <summary>The ids of a text.</summary>
    /// <param name="text">Any text; a lone surrogate counts as U+FFFD.</param>
    /// <param name="addSpecial">Whether <see cref="BosId"/> goes in front, where this tokenizer puts one (OPT does, SmolLM2 does not).</param>
    /// <remarks>A byte for which the vocabulary has no token is left out, as tokenizers without an unknown token do: SmolLM2 lacks 21 bytes.</remarks>
    public int[] Encode(string text, bool addSpecial = false)
    {
        List<int> ids = new(text.Length / 3 + 2);
        if (addSpecial && Vocabulary.AddBos && BosId is { } bos) ids.Add(bos);
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var plain = matcher.Find(rest, out var token);
            EncodePlain(rest[..plain], ids);
            if (token is null) break;
            ids.Add(token.Id);
            rest = rest[(plain + token.Text.Length)..];
        }

        return [.. ids];
    }

    /// <summary>The text of some ids. Bytes that are not UTF-8 become one U+FFFD per maximal incomplete sequence.</summary>
    /// <param name="ids">Ids; those without a token (a model may have more rows than the vocabulary) are left out.</param>
    /// <param name="skipSpecial">Whether special tokens are left out.</param>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecial = false)
    {
        ArrayBufferWriter<byte> all = new(ids.Count * 4 + 1);
        foreach (var id in ids)
            if ((uint)id < (uint)bytes.Length && bytes[id] is { } token && !(skipSpecial && special.Contains(id))) all.Write(token);
        return Encoding.UTF8.GetString(all.WrittenSpan);
    }

    void EncodePlain(ReadOnlySpan<char> text, List<int> ids)
    {
        var known = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        while (!text.IsEmpty)
        {
            var length = PreTokenizer.FirstLength(text, PreTokenization);
            var piece = text[..length];
            if (!known.TryGetValue(piece, out var merged))
            {
                merged = Merge(piece);
                if (length <= LongestCachedPiece && pieces.Count < MostCachedPieces) pieces[piece.ToString()] = merged;
            }

            ids.AddRange(merged);
            text = text[length..];
        }
    }

    int[] Merge(ReadOnlySpan<char> piece) => [.. merger.EncodeToIds(piece, considerPreTokenization: false, considerNormalization: false)];
}
