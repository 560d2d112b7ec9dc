using System.Runtime.InteropServices;
using System.Text.Json;
using ModelCollapse.Provenance;

namespace ModelCollapse.Store;

/// <summary>Writes samples with their provenance as Parquet, and reads them back exactly.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
public interface ISampleCodec<TSample>
{
    /// <summary>Writes a set to a new file. The same set gives the same bytes.</summary>
    void Write(Dataset<TSample> set, string path);

    /// <summary>Reads a set that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    Dataset<TSample> Read(string path);

    /// <summary>The text of a sample, for the reader; empty for a sample that is none.</summary>
    string TextOf(TSample sample) => "";
}

/// <summary>Blocks of token ids, with their text beside them for the reader.</summary>
/// <param name="decode">Gives the text of a block; null for no text.</param>
public sealed class TokenBlockCodec(Func<int[], string>? decode = null) : ISampleCodec<int[]>
{
    /// <inheritdoc/>
    public void Write(Dataset<int[]> set, string path) => SampleRow.Write(path, set.Origins.Select((origin, i) =>
        SampleRow.With(new TokenBlockRow { Tokens = set[i], Text = decode?.Invoke(set[i]) }, origin)));

    /// <inheritdoc/>
    public string TextOf(int[] sample) => decode?.Invoke(sample) ?? "";

    /// <inheritdoc/>
    public Dataset<int[]> Read(string path)
    {
        var rows = SampleRow.Read<TokenBlockRow>(path);
        return new(rows.Select(r => r.Tokens), rows.Select(r => r.ToOrigin()));
    }
}

/// <summary>Numbers.</summary>
public sealed class NumberCodec : ISampleCodec<double>
{
    /// <inheritdoc/>
    public void Write(Dataset<double> set, string path) =>
        SampleRow.Write(path, set.Origins.Select((origin, i) => SampleRow.With(new NumberRow { Value = set[i] }, origin)));

    /// <inheritdoc/>
    public Dataset<double> Read(string path)
    {
        var rows = SampleRow.Read<NumberRow>(path);
        return new(rows.Select(r => r.Value), rows.Select(r => r.ToOrigin()));
    }
}

/// <summary>Arrays of numbers such as the pixels of an image, to the last bit.</summary>
public sealed class VectorCodec : ISampleCodec<float[]>
{
    /// <inheritdoc/>
    public void Write(Dataset<float[]> set, string path) => SampleRow.Write(path, set.Origins.Select((origin, i) =>
        SampleRow.With(new VectorRow { Values = MemoryMarshal.AsBytes(set[i].AsSpan()).ToArray() }, origin)));

    /// <inheritdoc/>
    public Dataset<float[]> Read(string path)
    {
        var rows = SampleRow.Read<VectorRow>(path);
        return new(rows.Select(r => MemoryMarshal.Cast<byte, float>(r.Values).ToArray()), rows.Select(r => r.ToOrigin()));
    }
}

/// <summary>The provenance columns of a row; the content follows in derived types.</summary>
class SampleRow
{
    public string? Origin { get; set; }
    public string? Source { get; set; }
    public int? Index { get; set; }
    public string? Model { get; set; }
    public int? Generation { get; set; }
    public string? Decoding { get; set; }
    public long? Seed { get; set; }
    public int? Prompt { get; set; }
    public string? Attack { get; set; }
    public string? By { get; set; }
    public string? Mark { get; set; }

    /// <summary>The origin before an edit or an attack, as JSON.</summary>
    public string? Original { get; set; }

    public static TRow With<TRow>(TRow row, Origin origin) where TRow : SampleRow
    {
        (row.Origin, row.Mark) = (origin.GetType().Name, origin.Mark);
        switch (origin)
        {
            case Origin.Human(var source, var index):
                (row.Source, row.Index) = (source, index);
                break;
            case Origin.Synthetic(var model, var generation, var decoding, var seed, var prompt):
                (row.Model, row.Generation, row.Decoding, row.Seed, row.Prompt) = (model, generation, decoding.ToString(), seed, prompt);
                break;
            case Origin.Poison(var attack, var original):
                (row.Attack, row.Original) = (attack, original is null ? null : JsonSerializer.Serialize(original, StrictJson.OneLine));
                break;
            case Origin.Edited(var by, var original):
                (row.By, row.Original) = (by, JsonSerializer.Serialize(original, StrictJson.OneLine));
                break;
        }

        return row;
    }

    public Origin ToOrigin()
    {
        Origin origin = Origin switch
        {
            nameof(Provenance.Origin.Human) => new Origin.Human(Source!, Index!.Value),
            nameof(Provenance.Origin.Synthetic) => new Origin.Synthetic(Model!, Generation!.Value, Provenance.Decoding.Parse(Decoding!), Seed!.Value, Prompt!.Value),
            nameof(Provenance.Origin.Poison) => new Origin.Poison(Attack!, Before()),
            nameof(Provenance.Origin.Edited) => new Origin.Edited(By!, Before()!),
            _ => Provenance.Origin.Unknown.Value,
        };
        return Mark is null ? origin : origin with { Mark = Mark };

        Origin? Before() => Original is null ? null : JsonSerializer.Deserialize<Origin>(Original, StrictJson.OneLine);
    }

    public static void Write<TRow>(string path, IEnumerable<TRow> rows) where TRow : SampleRow => ParquetFile.Write(path, rows);

    public static IReadOnlyList<TRow> Read<TRow>(string path) where TRow : SampleRow, new() => ParquetFile.Read<TRow>(path);
}

sealed class TokenBlockRow : SampleRow
{
    public int[] Tokens { get; set; } = [];
    public string? Text { get; set; }
}

sealed class VectorRow : SampleRow
{
    /// <summary>The numbers as little-endian 32-bit floating point.</summary>
    public byte[] Values { get; set; } = [];
}

sealed class NumberRow : SampleRow
{
    public double Value { get; set; }
}

/// <summary>A stored block of tokens as a reader sees it.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Origin">Kind of its origin.</param>
/// <param name="Prompt">Index of its prompt; −1 where it has none.</param>
public sealed record StoredText(string Text, string Origin, int Prompt)
{
    /// <summary>Reads a file of blocks that a run has written; empty for samples that are no text.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static IReadOnlyList<StoredText> Read(string path) =>
        [.. SampleRow.Read<TokenBlockRow>(path).Select(r => new StoredText(r.Text ?? "", r.Origin ?? "", r.Prompt ?? -1))];
}
