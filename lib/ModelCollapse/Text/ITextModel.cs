namespace ModelCollapse.Text;

/// <summary>
/// A model of text as metrics ask for it: it scores blocks of token ids and continues prompts. An n-gram table, a neural network and a model of your own have
/// perplexity, cloze probes and next-token measures alike.
/// </summary>
public interface ITextModel
{
    /// <summary>Number of token ids, from 0.</summary>
    int VocabularySize { get; }

    /// <summary>The log-probability that the model gives to each token of a block but the first, given those before it, in nats.</summary>
    /// <param name="blocks">Blocks of two or more token ids; each on its own, without context.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>For each block [time − 1] numbers.</returns>
    IReadOnlyList<double[]> LogProbabilities(IReadOnlyList<int[]> blocks, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default);

    /// <summary>The log-probabilities of all tokens at each place of a block but the first, given those before it, in nats.</summary>
    /// <param name="block">Two or more token ids.</param>
    /// <returns>[time − 1][vocab].</returns>
    float[][] NextTokens(int[] block);

    /// <summary>Continues prompts, as the model writes.</summary>
    /// <param name="prompts">Token ids of each prompt.</param>
    /// <param name="seed">Decides every draw.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The new tokens of each.</returns>
    IReadOnlyList<int[]> Continue(IReadOnlyList<int[]> prompts, long seed, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default);
}
