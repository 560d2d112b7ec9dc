namespace ModelCollapse.Training;

/// <summary>How a model is trained: AdamW over shuffled batches for a number of epochs, or of steps where those end first.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the training set. Range: at least 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Steps after which training ends, within an epoch if need be; null for no such limit. Range: at least 1.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Blocks per step; the last batch of an epoch may be smaller. Range: at least 1.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Peak learning rate. Range: above 0.</summary>
    public double LearningRate { get; init; } = 2e-5;

    /// <summary>Course of the learning rate after warm-up.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Steps in which the learning rate rises linearly; the first has rate 0, as in transformers.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>Decay of the mean of the gradient.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of its square.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay, on every parameter.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Largest norm of the whole gradient; null for no clipping.</summary>
    public double? Clip { get; init; }

    /// <summary>Which weights the fit ends with.</summary>
    public CheckpointSelection Select { get; init; } = CheckpointSelection.Last;

    /// <summary>The options that a recipe's training section means.</summary>
    public static TrainingOptions From(TrainingSection section) => new()
    {
        Epochs = section.Epochs,
        MaxSteps = section.MaxSteps,
        BatchSize = section.BatchSize,
        LearningRate = section.LearningRate,
        Schedule = section.Schedule,
        WarmupSteps = section.WarmupSteps,
        WeightDecay = section.WeightDecay,
        Clip = section.Clip,
        Select = section.Select,
    };

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
