using ModelCollapse.Generations;
using ModelCollapse.Text;

namespace ModelCollapse.Metrics;

/// <summary>How probable a text is under model 0: one number, the mean log-probability of its tokens in nats per token.</summary>
public sealed record LogProbabilityFeatures : IFeatures<int[]>
{
    /// <inheritdoc/>
    public IReadOnlyList<double[]> Of(IReadOnlyList<int[]> samples, LoopContext<int[]> context)
    {
        var found = Evaluation.Of(context.TextModel0(nameof(LogProbabilityFeatures)), samples, context.Progress, context.Cancellation);
        return [.. found.LogLikelihoods.Zip(found.Predictions, (sum, count) => new[] { sum / count })];
    }
}
