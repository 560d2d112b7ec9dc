using System.Runtime.InteropServices;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using Parquet;
using Parquet.Serialization;

namespace ModelCollapse.Runs;

/// <summary>Writes samples with their provenance as Parquet, and reads them back exactly.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
public interface ISampleCodec<TSample>
{
    /// <summary>Writes a set to a new file. The same set gives the same bytes.</summary>
    void Write(Dataset<TSample> set, string path);

    /// <summary>Reads a set that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    Dataset<TSample> Read(string path);
}

/// <summary>Blocks of token ids, with their text beside them for the reader.</summary>
/// <param name="decode">Gives the text of a block; null for no text.</param>
public sealed class TokenBlockCodec(Func<int[], string>? decode = null) : ISampleCodec<int[]>
{
    /// <inheritdoc/>
    public void Write(Dataset<int[]> set, string path) => SampleRow.Write(path, set.Origins.Select((origin, i) =>
        SampleRow.With(new TokenBlockRow { Tokens = set[i], Text = decode?.Invoke(set[i]) }, origin)));

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

    public static TRow With<TRow>(TRow row, Origin origin) where TRow : SampleRow
    {
        row.Origin = origin.GetType().Name;
        switch (origin)
        {
            case Origin.Human(var source, var index):
                (row.Source, row.Index) = (source, index);
                break;
            case Origin.Synthetic(var model, var generation, var decoding, var seed, var prompt):
                (row.Model, row.Generation, row.Decoding, row.Seed, row.Prompt) = (model, generation, decoding, seed, prompt);
                break;
            case Origin.Poison(var attack):
                row.Attack = attack;
                break;
        }

        return row;
    }

    public Origin ToOrigin() => Origin switch
    {
        nameof(Provenance.Origin.Human) => new Origin.Human(Source!, Index!.Value),
        nameof(Provenance.Origin.Synthetic) => new Origin.Synthetic(Model!, Generation!.Value, Decoding!, Seed!.Value, Prompt!.Value),
        nameof(Provenance.Origin.Poison) => new Origin.Poison(Attack!),
        _ => Provenance.Origin.Unknown.Value,
    };

    public static void Write<TRow>(string path, IEnumerable<TRow> rows) where TRow : SampleRow
    {
        using var file = File.Create(path);
        Finished(() => ParquetSerializer.SerializeAsync(rows, file, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }));
    }

    // Files are local: the asynchronous calls finish at once, and staying on one thread keeps native thread pools single. A caller's
    // context, such as that of a notebook's cell, must not get their continuations: it would wait for itself.
    static T Finished<T>(Func<Task<T>> call)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return call().GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public static IReadOnlyList<TRow> Read<TRow>(string path) where TRow : SampleRow, new()
    {
        try
        {
            using var file = File.OpenRead(path);
            return [.. Finished(() => ParquetSerializer.DeserializeAsync<TRow>(file)).Data];
        }
        catch (Exception e) when (e is not InputException)
        {
            throw new InputException($"The samples in {path} cannot be read ({e.Message}): delete this generation and those after it, and run again.", e);
        }
    }
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
