using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// Many independent repetitions of one model family that go through the loop as one model: a sample of the ensemble is one sample of each
/// member. So a law about expected values is measured by the same loop, policies and metrics as everything else, on all cores.
/// </summary>
/// <remarks>
/// Members have random numbers of their own, so results do not depend on the number of threads. What a policy draws (which samples are
/// kept) is drawn once for all members: each member has the law of a single run, but members of a policy that draws are not quite
/// independent.
/// </remarks>
/// <typeparam name="TSample">One sample of a member.</typeparam>
public sealed class Ensemble<TSample> : IGenerativeModel<TSample[]>
{
    /// <summary>Members whose samples are copied together: as many numbers as fill a cache line several times over.</summary>
    const int Block = 32;

    readonly IGenerativeModel<TSample>[] members;

    /// <summary>Makes the members.</summary>
    /// <param name="repetitions">Number R of members. Range: at least 1.</param>
    /// <param name="member">Makes one, by its number from 0.</param>
    public Ensemble(int repetitions, Func<int, IGenerativeModel<TSample>> member)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repetitions, 1);
        members = [.. Enumerable.Range(0, repetitions).Select(member)];
    }

    /// <summary>The members, in order.</summary>
    public IReadOnlyList<IGenerativeModel<TSample>> Members => members;

    /// <inheritdoc/>
    public void Fit(Dataset<TSample[]> data, FitOptions options) => ForBlocks(options.Cancellation, (from, to) =>
    {
        var columns = Columns(data, from, to);
        for (var r = from; r < to; r++) members[r].Fit(columns[r - from], options with { Seed = SeedOf(options.Seed, r), Progress = null });
    });

    /// <inheritdoc/>
    public Dataset<TSample[]> Sample(int count, SampleOptions<TSample[]> options)
    {
        var rows = new TSample[count][];
        for (var i = 0; i < count; i++) rows[i] = new TSample[members.Length];
        var first = Dataset<TSample>.Empty;
        ForBlocks(options.Cancellation, (from, to) =>
        {
            var prompts = options.Prompts is { } all ? Columns(all, from, to) : null;
            var columns = new Dataset<TSample>[to - from];
            for (var r = from; r < to; r++)
                columns[r - from] = members[r].Sample(count, new(options.Generation, SeedOf(options.Seed, r), prompts?[r - from], null, options.Cancellation));
            for (var i = 0; i < count; i++)
            {
                var row = rows[i].AsSpan(from, to - from);
                for (var r = 0; r < row.Length; r++) row[r] = columns[r].Samples[i];
            }

            if (from == 0) first = columns[0];
        });
        return Dataset<TSample[]>.Like(rows, first); // the first member's origins stand for all
    }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        for (var r = 0; r < members.Length; r++) members[r].Save(Directory.CreateDirectory(PathOf(folder, r)).FullName);
    }

    /// <inheritdoc/>
    public void Load(string folder)
    {
        for (var r = 0; r < members.Length; r++) members[r].Load(PathOf(folder, r));
    }

    void ForBlocks(CancellationToken cancellation, Action<int, int> work) => Parallel.For(
        0, (members.Length + Block - 1) / Block, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
        block => work(block * Block, Math.Min(members.Length, (block + 1) * Block)));

    /// <summary>The samples of some members, each as a set of its own.</summary>
    static Dataset<TSample>[] Columns(Dataset<TSample[]> data, int from, int to)
    {
        var columns = new TSample[to - from][];
        for (var r = 0; r < columns.Length; r++) columns[r] = new TSample[data.Count];
        for (var i = 0; i < data.Count; i++)
        {
            var row = data.Samples[i].AsSpan(from, to - from);
            for (var r = 0; r < row.Length; r++) columns[r][i] = row[r];
        }

        return [.. columns.Select(column => Dataset<TSample>.Like(column, data))];
    }

    static long SeedOf(long seed, int member) => Seeds.Derive(seed, member, "member");

    static string PathOf(string folder, int member) => Path.Combine(folder, $"{member:00000}");
}
