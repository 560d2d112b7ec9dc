using System.ComponentModel.DataAnnotations;

namespace ModelCollapse.Training;

/// <summary>How a model is trained; in a recipe <c>training</c>: AdamW over shuffled batches for a number of epochs, or of steps where those end first.</summary>
public record TrainingOptions
{
    /// <summary>Passes over the training set. The paper prints 5 for setting A and 10 for setting B. Range: at least 1; 0 for generation 0 alone, which leaves the weights as they are (zero-shot).</summary>
    [Range(0, int.MaxValue)]
    public int Epochs { get; init; } = 1;

    /// <summary>Steps after which training ends, within an epoch if need be; null for no such limit. With it, arms whose training sets differ in size cost the same number of steps. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int? MaxSteps { get; init; }

    /// <summary>Blocks per step; the last batch of an epoch may be smaller; 128 in the paper's code. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 32;

    /// <summary>Peak learning rate of AdamW; 2e-5 in the paper's code. Range: above 0.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 2e-5;

    /// <summary>Course of the learning rate after warm-up.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Steps in which the learning rate rises linearly; the first has rate 0, as in transformers. Range: at least 0.</summary>
    [Range(0, int.MaxValue)]
    public int WarmupSteps { get; init; }

    /// <summary>Decay of the mean of the gradient.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of its square.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment.</summary>
    [Range(0.0, double.MaxValue)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay, on every parameter.</summary>
    [Range(0.0, double.MaxValue)]
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Largest norm of the whole gradient; null for no clipping.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? Clip { get; init; }

    /// <summary>Which weights the fit ends with. The paper's text says the best on validation; its code uses the last epoch's when it trains and generates in one call.</summary>
    public CheckpointSelection Select { get; init; } = CheckpointSelection.Last;

    /// <summary>Steps in all: those of the epochs, or <see cref="MaxSteps"/> where that is less.</summary>
    /// <param name="blocks">Blocks in the training set.</param>
    public int Steps(int blocks) => Math.Min(MaxSteps ?? int.MaxValue, Epochs * ((blocks + BatchSize - 1) / BatchSize));

    /// <summary>Learning rate of a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">Steps in all.</param>
    public double RateAt(int step, int steps)
    {
        if (step < WarmupSteps) return LearningRate * step / WarmupSteps;
        return Schedule == LearningRateSchedule.Constant ? LearningRate
            : LearningRate * Math.Max(0, steps - step) / Math.Max(1, steps - WarmupSteps);
    }
}
