using ModelCollapse.Recipes;
using ModelCollapse.Tests.Models;
using ModelCollapse.Training;

namespace ModelCollapse.Tests.Training;

public class TrainerTests
{
    static readonly int[][] Blocks = [.. Enumerable.Range(0, 10).Select(b => Enumerable.Range(0, 6).Select(i => (b * 7 + i * i) % RandomModels.Vocabulary).ToArray())];

    [Theory]
    [InlineData(3, null, 9)] // three batches of 4, 4 and 2 blocks in an epoch
    [InlineData(3, 7, 7)]
    [InlineData(3, 100, 9)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 5, 0)]
    public void A_fit_ends_with_its_epochs_or_its_steps_whichever_come_first(int epochs, int? most, int steps)
    {
        var (log, _) = Fit(new() { Epochs = epochs, MaxSteps = most, BatchSize = 4, LearningRate = 1e-3 }, Blocks);
        Assert.Equal(steps, log.Losses.Count);
    }

    [Fact]
    public void Within_its_steps_a_fit_takes_the_batches_of_a_longer_one_and_the_same_seed_gives_the_same_weights()
    {
        var options = new TrainingOptions { Epochs = 3, BatchSize = 4, LearningRate = 1e-3 };
        var (whole, _) = Fit(options, Blocks);
        var (some, weights) = Fit(options with { MaxSteps = 5 }, Blocks);

        Assert.Equal(whole.Losses.Take(5), some.Losses);
        Assert.Equal(weights, Fit(options with { MaxSteps = 5 }, Blocks).Weights);
        Assert.NotEqual(weights, Fit(options with { MaxSteps = 6 }, Blocks).Weights);
    }

    [Fact]
    public void Sets_of_different_size_cost_the_same_steps()
    {
        var options = new TrainingOptions { Epochs = 20, MaxSteps = 8, BatchSize = 4 };
        Assert.Equal(8, options.Steps(10));
        Assert.Equal(8, options.Steps(1000));
        Assert.Equal(Fit(options, Blocks).Log.Losses.Count, Fit(options, [.. Blocks, .. Blocks, .. Blocks]).Log.Losses.Count);
    }

    [Fact]
    public void A_falling_rate_reaches_zero_after_the_last_step_and_the_end_is_validated()
    {
        var options = new TrainingOptions { Epochs = 3, MaxSteps = 5, BatchSize = 4, LearningRate = 1, Schedule = LearningRateSchedule.Linear, Select = CheckpointSelection.BestByValidation };
        Assert.Equal(0.2, options.RateAt(4, options.Steps(10)), 12); // four of five steps are done
        Assert.Equal(2, Fit(options with { LearningRate = 1e-3 }, Blocks).Log.ValidationLosses.Count);
    }

    [Fact]
    public void Recipes_say_it_for_generation_0_and_for_the_others()
    {
        var section = new TrainingSection { MaxSteps = 70, Base = new() { ["maxSteps"] = 900 } };
        Assert.Equal((900, 70), (section.ForGeneration(0).MaxSteps, section.ForGeneration(1).MaxSteps));
        Assert.Equal(70, (section with { Base = [] }).ForGeneration(0).MaxSteps);
    }

    static (TrainingLog Log, string Weights) Fit(TrainingOptions options, int[][] blocks)
    {
        using var model = RandomModels.Create("opt");
        return (new Trainer(options).Fit(model, blocks, Blocks, seed: 3), model.WeightsHash());
    }
}
