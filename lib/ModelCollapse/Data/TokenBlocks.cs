using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ModelCollapse.Text;

namespace ModelCollapse.Data;

/// <summary>How text is cut into blocks of tokens. The defaults are those of the code of Shumailov et al. 2024 (literature.md, Shumailov et al. 2024, Code).</summary>
public sealed record TokenBlockOptions
{
    /// <summary>Tokens per block. Range: at least 2.</summary>
    public int Length { get; init; } = 64;

    /// <summary>What happens to tokens that do not fill a block.</summary>
    public Remainder Remainder { get; init; } = Remainder.DropPerBatch;

    /// <summary>
    /// Whether each row is tokenized on its own with the tokenizer's special tokens, as the paper's code does: with OPT, <c>&lt;/s&gt;</c>
    /// stands before every line, blank ones included.
    /// </summary>
    public bool PerLineSpecials { get; init; } = true;

    /// <summary>Rows in a batch, for <see cref="Remainder.DropPerBatch"/>; 1,000 is the default of the <c>datasets</c> library. Range: at least 1.</summary>
    public int BatchRows { get; init; } = 1000;

    /// <summary>
    /// Processes among which the rows are divided before they are batched, for <see cref="Remainder.DropPerBatch"/>: contiguous parts, the first ones a
    /// row longer where it does not come out even, as the <c>datasets</c> library does. The paper's code uses 4. Range: at least 1.
    /// </summary>
    public int MapProcesses { get; init; } = 1;
}

/// <summary>A text as equal blocks of token ids, and what was left over.</summary>
public sealed class TokenBlocks
{
    TokenBlocks(List<int[]> streams, List<int[]> blocks)
    {
        TokensPerStream = [.. streams.Select(s => s.Length)];
        Blocks = blocks;
        TokenHash = HashOf(streams);
        Hash = HashOf(blocks);
    }

    /// <summary>The blocks, in the order of the text; only with <see cref="Remainder.Keep"/> the last may be shorter.</summary>
    public IReadOnlyList<int[]> Blocks { get; }

    /// <summary>Tokens of each stream that blocks were cut from: one per process and batch of rows with <see cref="Remainder.DropPerBatch"/>, else one.</summary>
    public IReadOnlyList<int> TokensPerStream { get; }

    /// <summary>Tokens of the whole text, those dropped included.</summary>
    public int Tokens => TokensPerStream.Sum();

    /// <summary>SHA-256 (lower-case hexadecimal) of all ids before cutting, as little-endian 32-bit integers.</summary>
    public string TokenHash { get; }

    /// <summary>SHA-256 (lower-case hexadecimal) of the ids of all blocks, as little-endian 32-bit integers.</summary>
    public string Hash { get; }

    /// <summary>Tokenizes documents and cuts them into blocks.</summary>
    /// <param name="documents">The text; documents follow each other without anything between.</param>
    /// <param name="tokenizer">Gives the ids.</param>
    /// <param name="options">How to cut.</param>
    /// <remarks>
    /// With <see cref="TokenBlockOptions.PerLineSpecials"/> or <see cref="Remainder.DropPerBatch"/> each row (<see cref="Rows"/>: a line with its
    /// newline, blank lines empty) is tokenized on its own; otherwise each document is, as it is, without special tokens.
    /// <see cref="Remainder.Keep"/> does not keep a single token: it predicts nothing.
    /// </remarks>
    public static TokenBlocks Cut(IEnumerable<string> documents, BytePairTokenizer tokenizer, TokenBlockOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Length, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MapProcesses, 1);
        var perBatch = options.Remainder == Remainder.DropPerBatch;
        var pieces = options.PerLineSpecials || perBatch ? documents.SelectMany(Rows.Of) : documents;
        var encoded = pieces.Select(piece => tokenizer.Encode(piece, options.PerLineSpecials));
        List<int[]> streams = perBatch
            ? [.. Parts([.. encoded], options.MapProcesses).SelectMany(part => part.Chunk(options.BatchRows)).Select(batch => batch.SelectMany(ids => ids).ToArray())]
            : [[.. encoded.SelectMany(ids => ids)]];
        return new(streams, Cut(streams, options));
    }

    static IEnumerable<int[][]> Parts(int[][] rows, int processes)
    {
        var start = 0;
        for (var i = 0; i < processes; i++)
        {
            var count = rows.Length / processes + (i < rows.Length % processes ? 1 : 0);
            yield return rows[start..(start += count)];
        }
    }

    static List<int[]> Cut(List<int[]> streams, TokenBlockOptions options)
    {
        List<int[]> blocks = [];
        foreach (var stream in streams)
        {
            var whole = stream.Length - stream.Length % options.Length;
            for (var start = 0; start < whole; start += options.Length) blocks.Add(stream[start..(start + options.Length)]);
            if (options.Remainder == Remainder.Keep && stream.Length - whole > 1) blocks.Add(stream[whole..]);
        }

        return blocks;
    }

    /// <summary>SHA-256 (lower-case hexadecimal) of the ids of some blocks, as little-endian 32-bit integers.</summary>
    internal static string HashOf(IEnumerable<int[]> parts)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Token hashes are defined for little-endian machines.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts) hash.AppendData(MemoryMarshal.AsBytes<int>(part));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
