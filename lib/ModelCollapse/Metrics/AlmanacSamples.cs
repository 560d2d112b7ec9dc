using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;
using ModelCollapse.Text;

namespace ModelCollapse.Metrics;

/// <summary>
/// Human text of exactly the size and shape of what a model writes, several times over, independent of all text of the corpus: what a statistic
/// is for people, and how far it varies by chance in a sample of that size. Decided by the world alone, so that every arm is held to the same.
/// </summary>
/// <remarks>
/// A stream of articles is cut as prompts are: window i begins at token i · L, its first tokens are the context and the others the text, so that the texts
/// follow each other without a gap where as many are written as a block has. Where prompts are drawn from a larger text, windows lie apart.
/// </remarks>
public sealed class AlmanacSamples
{
    /// <summary>Samples that are drawn unless asked otherwise.</summary>
    public const int DefaultCount = 10;

    /// <summary>More than an article is long.</summary>
    const int WindowsApart = 8;

    readonly AlmanacWorld world;
    readonly List<int[]> statements = [];

    /// <summary>Draws and reads the samples.</summary>
    /// <param name="world">The world.</param>
    /// <param name="tokenizer">Cuts the text as the recipe does.</param>
    /// <param name="shape">How much text.</param>
    /// <param name="count">Number of samples. Range: at least 2.</param>
    public AlmanacSamples(AlmanacWorld world, BytePairTokenizer tokenizer, AlmanacShape shape, int count = DefaultCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        this.world = world;
        var reader = new AlmanacReader(world);
        for (var k = 0; k < count; k++)
        {
            List<int[]> texts = [.. Windows(world, tokenizer, shape, Seeds.Derive(world.Options.Seed, k, "almanac human sample"))];
            List<IReadOnlyList<Reading>> readings = [.. texts.Select(w => AlmanacText.Read(reader, tokenizer, w[..shape.Prompt], w[shape.Prompt..]))];
            Tallies.Add(AlmanacTally.Of(world, readings));
            Texts.Add([.. texts.Select(w => w[shape.Prompt..])]);
            statements.Add([.. readings.SelectMany(r => r).Where(r => r.Kind == ReadingKind.TrueFact).Select(r => r.Fact)]);
        }
    }

    /// <summary>The tally of each sample.</summary>
    public List<AlmanacTally> Tallies { get; } = [];

    /// <summary>Token ids of the texts of each sample.</summary>
    public List<IReadOnlyList<int[]>> Texts { get; } = [];

    /// <summary>The first true statements of each sample: what people say where they say no more than that.</summary>
    /// <param name="most">Statements; all where a sample has fewer.</param>
    public IEnumerable<AlmanacTally> Statements(long most) => statements.Select(s => AlmanacTally.OfStatements(world, s.Take((int)Math.Min(most, s.Length))));

    /// <summary>What a statistic is over samples of people's text.</summary>
    /// <param name="values">Its value in each sample; two or more.</param>
    /// <returns>The mean, and the band in which 95 % of all further samples lie: mean ± t s √(1 + 1/K) for K samples.</returns>
    public static (double Mean, double Low, double High) Band(IReadOnlyCollection<double> values)
    {
        var (mean, half) = (values.Mean(), StudentT.InvCDF(0, 1, values.Count - 1, 0.975) * values.StandardDeviation() * Math.Sqrt(1 + 1.0 / values.Count));
        return (mean, mean - half, mean + half);
    }

    static IEnumerable<int[]> Windows(AlmanacWorld world, BytePairTokenizer tokenizer, AlmanacShape shape, long seed)
    {
        var window = shape.Prompt + shape.Written;
        var stride = shape.Apart ? WindowsApart * window : Math.Max(shape.Cut.Length, shape.Written);
        List<int> stream = [];
        var (start, left) = (0, shape.Blocks);
        foreach (var article in new AlmanacWriter(world).Articles(seed))
        {
            foreach (var piece in shape.Cut.PerLineSpecials ? Rows.Of(article.Text) : [article.Text]) stream.AddRange(tokenizer.Encode(piece, shape.Cut.PerLineSpecials));
            for (; start + window <= stream.Count; start += stride)
            {
                yield return [.. stream.GetRange(start, window)];
                if (--left == 0) yield break;
            }
        }
    }
}

/// <summary>How much text, in which pieces.</summary>
/// <param name="Blocks">Texts.</param>
/// <param name="Prompt">Tokens of context before each.</param>
/// <param name="Written">Tokens of each.</param>
/// <param name="Cut">How the recipe cuts its text into the blocks that prompts are taken from.</param>
/// <param name="Apart">Whether prompts are drawn at random from a larger text, so that hardly two texts belong to one article.</param>
public sealed record AlmanacShape(int Blocks, int Prompt, int Written, TokenBlockOptions Cut, bool Apart);
