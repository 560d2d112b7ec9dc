namespace ModelCollapse.Text;

/// <summary>
/// How well a model predicts blocks of text, each on its own with no context before it: the protocol of Shumailov et al.
/// (literature.md, Shumailov et al. 2024, Protocol). A block of n tokens gives n − 1 predictions.
/// </summary>
public sealed record Evaluation
{
    /// <summary>Makes an evaluation.</summary>
    /// <param name="tokenLogLikelihoods">log p of each predicted token of each block, in nats; at least one each.</param>
    public Evaluation(IReadOnlyList<double[]> tokenLogLikelihoods)
    {
        TokenLogLikelihoods = tokenLogLikelihoods;
        LogLikelihoods = [.. tokenLogLikelihoods.Select(t => t.Sum())];
        Predictions = [.. tokenLogLikelihoods.Select(t => t.Length)];
        Perplexities = [.. LogLikelihoods.Zip(Predictions, (l, n) => Math.Exp(-l / n))];
    }

    /// <summary>log p of each predicted token of each block, in nats.</summary>
    public IReadOnlyList<double[]> TokenLogLikelihoods { get; }

    /// <summary>Sum of log p of each block, in nats.</summary>
    public IReadOnlyList<double> LogLikelihoods { get; }

    /// <summary>Predictions in each block.</summary>
    public IReadOnlyList<int> Predictions { get; }

    /// <summary>Perplexity of each block: the exponential of its mean loss.</summary>
    public IReadOnlyList<double> Perplexities { get; }

    /// <summary>Mean loss per token, in nats.</summary>
    public double MeanLoss => -LogLikelihoods.Sum() / Predictions.Sum();

    /// <summary>Exponential of the mean loss per token.</summary>
    public double TokenPerplexity => Math.Exp(MeanLoss);

    /// <summary>Mean of the blocks' perplexities.</summary>
    public double MeanPerplexity => Perplexities.Average();

    /// <summary>Standard deviation of the blocks' perplexities, with n − 1 in the denominator; NaN for a single block.</summary>
    public double StandardDeviation => Math.Sqrt(Perplexities.Sum(p => (p - MeanPerplexity) * (p - MeanPerplexity)) / (Perplexities.Count - 1));

    /// <summary>Evaluates a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="blocks">Blocks of two or more token ids.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    public static Evaluation Of(ITextModel model, IReadOnlyList<int[]> blocks, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (blocks.Count == 0) throw new ArgumentException("There are no blocks to evaluate.", nameof(blocks));
        if (blocks.Any(b => b.Length < 2)) throw new ArgumentException("A block needs two tokens: one to read, one to predict.", nameof(blocks));
        return new(model.LogProbabilities(blocks, progress, cancellation));
    }

    /// <summary>
    /// Perplexity of a long text with context: windows that overlap, of which each scores only the tokens that none before has scored (Hugging Face,
    /// Perplexity of fixed-length models; literature.md, Definitions of metrics). <see cref="TokenPerplexity"/> is its number; it is lower than that of blocks on
    /// their own, and the two must not be compared.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">Token ids of the text; two or more.</param>
    /// <param name="window">Tokens that the model sees at once. Range: at least 2.</param>
    /// <param name="stride">Tokens from one window to the next. Range: 1 to <paramref name="window"/>; equal to it there is no overlap.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Likelihood and number of the tokens that each window scores.</returns>
    public static Evaluation Strided(
        ITextModel model, ReadOnlySpan<int> tokens, int window, int stride, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
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
        return new([.. Of(model, blocks, progress, cancellation).TokenLogLikelihoods.Zip(news, (scores, count) => scores[^Math.Min(count, scores.Length)..])]);
    }
}
