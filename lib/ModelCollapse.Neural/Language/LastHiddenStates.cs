using System.Runtime.CompilerServices;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;

namespace ModelCollapse.Language;

/// <summary>The last hidden state of model 0 at the last token of a text: see <see cref="LastHiddenState"/>. As many numbers as the model is wide.</summary>
public sealed record LastHiddenStates : IFeatures<int[]>
{
    // Human text is asked for in every generation, and model 0 stays what it is: an object is model 0 only while it has the weights of generation 0.
    static readonly ConditionalWeakTable<LanguageModel, ConditionalWeakTable<object, double[]>> Known = [];

    /// <inheritdoc/>
    /// <exception cref="InputException">Model 0 is no <see cref="LanguageModel"/>.</exception>
    public IReadOnlyList<double[]> Of(IReadOnlyList<int[]> samples, LoopContext<int[]> context)
    {
        var model = context.Model0 as LanguageModel
            ?? throw new InputException($"Hidden states are those of a {nameof(LanguageModel)}, but model 0 is a {context.Model0.GetType().Name}: use embeddings, or another measure.");
        return RememberedFeatures.Of(Known.GetOrCreateValue(model), samples, unknown => LastHiddenState.Of(model.Network, unknown, progress: context.Progress, cancellation: context.Cancellation));
    }
}

/// <summary>A comparison with human test text by <see cref="LastHiddenStates"/>.</summary>
public abstract record HiddenStateComparison : FeatureComparison
{
    /// <summary>Its name in recipes, for the model's own text.</summary>
    public const string MetricName = "features";

    /// <inheritdoc/>
    protected override string Measured => MetricName;

    /// <inheritdoc/>
    protected override IFeatures<int[]> Features => new LastHiddenStates();
}

/// <summary>The own text against human test text, by <see cref="LastHiddenStates"/>.</summary>
[Kind(MetricName)]
public sealed record OwnFeatures : HiddenStateComparison
{
    /// <inheritdoc/>
    protected override bool OfTrainingSet => false;
}

/// <summary>The training set against human test text, by <see cref="LastHiddenStates"/>.</summary>
[Kind(TrainingPrefix + MetricName)]
public sealed record TrainingFeatures : HiddenStateComparison
{
    /// <inheritdoc/>
    protected override bool OfTrainingSet => true;
}
