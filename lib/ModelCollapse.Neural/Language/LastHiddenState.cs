using ModelCollapse.Models;
using ModelCollapse.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Language;

/// <summary>
/// Features of texts from a language model of ours: the last hidden state at the last token, as MAUVE takes them from GPT-2 large (Pillutla et
/// al. 2021). Take them from one fixed model, for example model 0, or generations cannot be compared.
/// </summary>
public static class LastHiddenState
{
    /// <summary>One vector per text.</summary>
    /// <param name="model">The model; left as it is.</param>
    /// <param name="texts">Texts of two or more tokens.</param>
    /// <param name="batchSize">Texts at a time. Changes no more than the last bits.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops it between two batches.</param>
    public static double[][] Of(CausalLM model, IReadOnlyList<int[]> texts, int batchSize = 32, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        var features = new double[texts.Count][];
        Batches.Read(model, texts, batchSize, "features", (start, part, _, hidden) =>
        {
            var wide = hidden.to(float64);                                                            // [batch, time, width]
            for (var b = 0; b < part.Length; b++) features[start + b] = wide[b, part[b].Length - 1].contiguous().data<double>().ToArray();
        }, progress, cancellation);
        return features;
    }
}
