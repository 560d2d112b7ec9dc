using ModelCollapse.Generations;
using ModelCollapse.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Training;

/// <summary>
/// How well a model predicts blocks of text, each on its own with no context before it: the protocol of Shumailov et al.
/// (literature.md, Shumailov et al. 2024, Protocol and Code). A block of n tokens gives n − 1 predictions.
/// </summary>
/// <param name="LogLikelihoods">Sum of log p of each block, in nats.</param>
/// <param name="Predictions">Predictions in each block.</param>
public sealed record Evaluation(IReadOnlyList<double> LogLikelihoods, IReadOnlyList<int> Predictions)
{
    /// <summary>log p of each predicted token of each block, in nats.</summary>
    public IReadOnlyList<double[]> TokenLogLikelihoods { get; private init; } = [];

    /// <summary>Perplexity of each block: the exponential of its mean loss.</summary>
    public IReadOnlyList<double> Perplexities { get; } = [.. LogLikelihoods.Zip(Predictions, (l, n) => Math.Exp(-l / n))];

    /// <summary>Mean loss per token, in nats.</summary>
    public double MeanLoss => -LogLikelihoods.Sum() / Predictions.Sum();

    /// <summary>Exponential of the mean loss per token.</summary>
    public double TokenPerplexity => Math.Exp(MeanLoss);

    /// <summary>Mean of the blocks' perplexities.</summary>
    public double MeanPerplexity => Perplexities.Average();

    /// <summary>Standard deviation of the blocks' perplexities, with n − 1 in the denominator; NaN for a single block.</summary>
    public double StandardDeviation => Math.Sqrt(Perplexities.Sum(p => (p - MeanPerplexity) * (p - MeanPerplexity)) / (Perplexities.Count - 1));

    /// <summary>Evaluates a model.</summary>
    /// <param name="model">The model; left as it is.</param>
    /// <param name="blocks">Blocks of two or more token ids.</param>
    /// <param name="batchSize">Blocks at a time. Changes no more than the last bits.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops it between two batches.</param>
    public static Evaluation Of(CausalLM model, IReadOnlyList<int[]> blocks, int batchSize = 32, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (blocks.Count == 0) throw new ArgumentException("There are no blocks to evaluate.", nameof(blocks));
        var tokens = new double[blocks.Count][];
        Batches.Read(model, blocks, batchSize, "evaluate", (start, part, batch, hidden) =>
        {
            var losses = ChunkedHead.Losses(model, Predicting(hidden), batch.Targets);
            var width = losses.Length / part.Length;
            for (var b = 0; b < part.Length; b++) tokens[start + b] = [.. losses.AsSpan(b * width, part[b].Length - 1).ToArray().Select(l => -l)];
        }, progress, cancellation);
        return OfTokens(tokens);
    }

    /// <summary>
    /// Perplexity of a long text with context: windows that overlap, of which each scores only the tokens that none before has scored (Hugging Face,
    /// Perplexity of fixed-length models; literature.md, Definitions of metrics). <see cref="TokenPerplexity"/> is its number; it is lower than that of blocks on their own,
    /// and the two must not be compared.
    /// </summary>
    /// <param name="model">The model; left as it is.</param>
    /// <param name="tokens">Token ids of the text; two or more.</param>
    /// <param name="window">Tokens that the model sees at once. Range: at least 2.</param>
    /// <param name="stride">Tokens from one window to the next. Range: 1 to <paramref name="window"/>; equal to it there is no overlap.</param>
    /// <param name="batchSize">Windows at a time.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops it between two batches.</param>
    /// <returns>Likelihood and number of the tokens that each window scores.</returns>
    public static Evaluation Strided(
        CausalLM model, ReadOnlySpan<int> tokens, int window, int stride, int batchSize = 8, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stride, window);
        if (tokens.Length < 2) throw new ArgumentException("A text needs two tokens: one to read, one to predict.", nameof(tokens));
        var (blocks, news) = (new List<int[]>(), new List<int>());
        for (int begin = 0, scored = 0; scored < tokens.Length - (stride == window ? 1 : 0); begin += stride)
        {
            var end = Math.Min(begin + window, tokens.Length);
            blocks.Add(tokens[begin..end].ToArray());
            news.Add(end - scored);
            scored = end;
        }

        // The first token of a window is predicted by none of its own.
        return OfTokens([.. Of(model, blocks, batchSize, progress, cancellation).TokenLogLikelihoods.Zip(news, (scores, count) => scores[^Math.Min(count, scores.Length)..])]);
    }

    static Evaluation OfTokens(double[][] tokens) => new([.. tokens.Select(t => t.Sum())], [.. tokens.Select(t => t.Length)]) { TokenLogLikelihoods = tokens };

    /// <summary>The hidden states that predict something: all but the last of each block, [batch · (time − 1), width].</summary>
    internal static Tensor Predicting(Tensor hidden) => hidden.narrow(1, 0, hidden.shape[1] - 1).reshape(-1, hidden.shape[2]);
}
