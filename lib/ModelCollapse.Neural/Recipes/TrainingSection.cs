using System.Text.Json.Serialization;
using ModelCollapse.Generations;
using ModelCollapse.Training;

namespace ModelCollapse.Recipes;

/// <summary>How a generation is trained. Defaults are those of the paper's code where it states one (literature.md, Shumailov et al. 2024, Code).</summary>
public sealed record TrainingSection
{
    /// <summary>What is different for generation 0, the fit to real data.</summary>
    public TrainingOverrides Base { get; init; } = new();

    /// <summary>Passes over the training set. The paper prints 5 for setting A and 10 for setting B. Range: at least 1.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>
    /// Steps after which a fit ends, within an epoch if need be; null for no such limit. With it, arms whose training sets differ in size cost the same
    /// number of steps, if all have epochs enough to reach it. Range: at least 1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] // so that recipes without it keep the identity that their runs were stored under
    public int? MaxSteps { get; init; }

    /// <summary>Blocks per step; 128 in the paper's code. Range: at least 1.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Peak learning rate of AdamW; 2e-5 in the paper's code. Range: above 0.</summary>
    public double LearningRate { get; init; } = 2e-5;

    /// <summary>Course of the learning rate after warm-up.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Steps in which the learning rate rises linearly from 0. Range: at least 0.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>Decoupled weight decay. Range: at least 0.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Largest norm of the gradient; null for no clipping. Range: above 0.</summary>
    public double? Clip { get; init; }

    /// <summary>Which weights a fit ends with. The paper's text says the best on validation; its code uses the last epoch's when it trains and generates in one call.</summary>
    public CheckpointSelection Select { get; init; } = CheckpointSelection.Last;

    /// <summary>Weights that generation t ≥ 1 starts from.</summary>
    public InitialWeights InitialWeights { get; init; } = InitialWeights.Previous;

    /// <summary>The settings in force for a generation: with <see cref="Base"/> applied for generation 0.</summary>
    public TrainingSection ForGeneration(int generation) => generation > 0 ? this : this with
    {
        Epochs = Base.Epochs ?? Epochs,
        MaxSteps = Base.MaxSteps ?? MaxSteps,
        BatchSize = Base.BatchSize ?? BatchSize,
        LearningRate = Base.LearningRate ?? LearningRate,
        Schedule = Base.Schedule ?? Schedule,
        WarmupSteps = Base.WarmupSteps ?? WarmupSteps,
        WeightDecay = Base.WeightDecay ?? WeightDecay,
        Clip = Base.Clip ?? Clip,
        Select = Base.Select ?? Select,
    };
}

/// <summary>Training settings of generation 0 that differ from those of later generations; null where they do not.</summary>
public sealed record TrainingOverrides
{
    /// <summary>Passes over the real text; 0 leaves the weights as they are, so that generation 0 is the model before any fit (zero-shot). Range: at least 0.</summary>
    public int? Epochs { get; init; }

    /// <inheritdoc cref="TrainingSection.MaxSteps"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] // as there
    public int? MaxSteps { get; init; }

    /// <inheritdoc cref="TrainingSection.BatchSize"/>
    public int? BatchSize { get; init; }

    /// <inheritdoc cref="TrainingSection.LearningRate"/>
    public double? LearningRate { get; init; }

    /// <inheritdoc cref="TrainingSection.Schedule"/>
    public LearningRateSchedule? Schedule { get; init; }

    /// <inheritdoc cref="TrainingSection.WarmupSteps"/>
    public int? WarmupSteps { get; init; }

    /// <inheritdoc cref="TrainingSection.WeightDecay"/>
    public double? WeightDecay { get; init; }

    /// <inheritdoc cref="TrainingSection.Clip"/>
    public double? Clip { get; init; }

    /// <inheritdoc cref="TrainingSection.Select"/>
    public CheckpointSelection? Select { get; init; }
}
