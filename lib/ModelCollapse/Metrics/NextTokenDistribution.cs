using System.Diagnostics;
using ModelCollapse.Text;

namespace ModelCollapse.Metrics;

/// <summary>
/// How sure a model is of the next token, over the positions of human text: no sampling is involved (Gambetta et al., arXiv 2410.12341;
/// literature.md, Definitions of metrics). Entropy falls, top-k mass and Gini coefficient rise as a model collapses.
/// </summary>
/// <param name="Entropy">Mean entropy in nats.</param>
/// <param name="TopMass">Mean probability of the <see cref="TopCount"/> most probable tokens.</param>
/// <param name="Gini">Mean Gini coefficient of the probabilities.</param>
/// <param name="Predictions">The most probable token at each position but the last, for each text; the first of several.</param>
public sealed record NextTokenDistribution(double Entropy, double TopMass, double Gini, IReadOnlyList<int[]> Predictions)
{
    /// <summary>Tokens whose mass is <see cref="TopMass"/>.</summary>
    public const int TopCount = 10;

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model; left as it is.</param>
    /// <param name="blocks">Texts of two or more tokens; at least one. Time grows with the vocabulary, which is sorted at each position: a few hundred texts do.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops it between two texts.</param>
    public static NextTokenDistribution Of(ITextModel model, IReadOnlyList<int[]> blocks, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (blocks.Count == 0 || blocks.Any(b => b.Length < 2)) throw new ArgumentException("There are no texts to measure on, or one has less than the two tokens that a prediction needs.", nameof(blocks));
        var (clock, predictions) = (Stopwatch.StartNew(), new List<int[]>());
        double entropy = 0, top = 0, gini = 0;
        foreach (var block in blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            var next = model.NextTokens(block); // [time − 1][vocab]
            var places = new Place[next.Length];
            ParallelLoop.Run(next.Length, (begin, end) =>
            {
                for (var i = begin; i < end; i++) places[i] = Place.Of(next[i]);
            });

            // One after the other, so that the sums do not depend on the number of threads.
            foreach (var place in places) (entropy, top, gini) = (entropy + place.Entropy, top + place.TopMass, gini + place.Gini);
            predictions.Add([.. places.Select(p => p.Best)]);
            progress?.Report(new("next token", predictions.Count, blocks.Count, "blocks", clock.Elapsed));
        }

        double positions = predictions.Sum(p => p.Length);
        return new(entropy / positions, top / positions, gini / positions, predictions);
    }

    readonly record struct Place(double Entropy, double TopMass, double Gini, int Best)
    {
        /// <summary>One distribution.</summary>
        /// <param name="logs">Log-probability of each token in nats; −∞ is allowed.</param>
        public static Place Of(float[] logs)
        {
            float[] sorted = [.. logs];
            Array.Sort(sorted);
            double entropy = 0, top = 0, sum = 0, weighted = 0;
            for (var i = 0; i < logs.Length; i++)
            {
                var p = Math.Exp(sorted[i]);
                if (p > 0) entropy -= p * sorted[i];
                if (i >= logs.Length - TopCount) top += p;
                sum += p;
                weighted += (2.0 * (i + 1) - logs.Length - 1) * p; // ascending, as GiniCoefficient has it
            }

            return new(entropy, top, weighted / (logs.Length * sum), Array.IndexOf(logs, sorted[^1]));
        }
    }
}
