using System.Collections;

namespace ModelCollapse.Provenance;

/// <summary>
/// An immutable, ordered set of samples, each with its <see cref="Origin"/>. Every operation carries the origins along;
/// only <see cref="WithOriginsHidden"/> removes them.
/// </summary>
/// <typeparam name="TSample">One sample: a block of token ids (<c>int[]</c>), a number, a vector, an image.</typeparam>
public sealed class Dataset<TSample> : IReadOnlyList<TSample>
{
    readonly TSample[] samples;
    readonly Origin[] origins;

    /// <summary>Joins samples and their origins.</summary>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public Dataset(IEnumerable<TSample> samples, IEnumerable<Origin> origins)
    {
        this.samples = [.. samples];
        this.origins = [.. origins];
        if (this.samples.Length != this.origins.Length)
            throw new ArgumentException($"{this.samples.Length} samples but {this.origins.Length} origins.", nameof(origins));
    }

    Dataset(TSample[] samples, Origin[] origins) => (this.samples, this.origins) = (samples, origins);

    /// <summary>The set without items.</summary>
    public static Dataset<TSample> Empty { get; } = new([], []);

    /// <summary>Samples with the origins of <paramref name="like"/>, item by item. The array is taken over and must not be changed any more.</summary>
    internal static Dataset<TSample> Like<TOther>(TSample[] samples, Dataset<TOther> like) => new(samples, like.origins);

    /// <summary>Samples that all have one origin. The array is taken over and must not be changed any more.</summary>
    internal static Dataset<TSample> WithOrigin(TSample[] samples, Origin origin)
    {
        var origins = new Origin[samples.Length];
        Array.Fill(origins, origin);
        return new(samples, origins);
    }

    /// <summary>Samples written by people, numbered from 0.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="source">The corpus and split they come from.</param>
    public static Dataset<TSample> Human(IEnumerable<TSample> samples, string source)
    {
        TSample[] all = [.. samples];
        return new(all, Enumerable.Range(0, all.Length).Select(i => new Origin.Human(source, i)));
    }

    /// <inheritdoc/>
    public int Count => samples.Length;

    /// <inheritdoc/>
    public TSample this[int index] => samples[index];

    /// <summary>The samples as one piece of memory.</summary>
    public ReadOnlySpan<TSample> Samples => samples;

    /// <summary>The origin of each sample, in the same order.</summary>
    public IReadOnlyList<Origin> Origins => origins;

    /// <summary>The items at <paramref name="indices"/>, in that order; an index may occur more than once.</summary>
    public Dataset<TSample> Select(IReadOnlyCollection<int> indices) =>
        new(indices.Select(i => samples[i]), indices.Select(i => origins[i]));

    /// <summary>The first <paramref name="count"/> items, or all if there are fewer.</summary>
    public Dataset<TSample> Take(int count) => new(samples.Take(count), origins.Take(count));

    /// <summary>This set followed by <paramref name="other"/>.</summary>
    public Dataset<TSample> Concat(Dataset<TSample> other) => new([.. samples, .. other.samples], [.. origins, .. other.origins]);

    /// <summary><paramref name="count"/> different items drawn without replacement, in random order; all of them if there are fewer.</summary>
    public Dataset<TSample> Draw(int count, Random random)
    {
        var order = Enumerable.Range(0, Count).ToArray();
        random.Shuffle(order);
        return Select(order[..Math.Min(count, Count)]);
    }

    /// <summary>The same samples with every origin <see cref="Origin.Unknown"/>: what a curator sees when provenance is not recorded.</summary>
    public Dataset<TSample> WithOriginsHidden() => new(samples, samples.Select(_ => (Origin)Origin.Unknown.Value));

    /// <inheritdoc/>
    public IEnumerator<TSample> GetEnumerator() => ((IEnumerable<TSample>)samples).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
