using ModelCollapse.Models;
using ModelCollapse.Tests.Models;
using ModelCollapse.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Training;

/// <summary>Where the float32 masters of a bfloat16 model start, and what that means for its first steps.</summary>
public class MasterWeightsTests
{
    /// <summary>Far below a rounding step of the weights that are looked at, which is at least 6e-5.</summary>
    const double Rate = 1e-6;
    const double LeastWeight = 0.01;

    static readonly int[][] Blocks = [.. Enumerable.Range(0, 8).Select(b => Enumerable.Range(0, 12).Select(i => (b * 7 + i * i) % RandomModels.Vocabulary).ToArray())];

    [Theory]
    [InlineData("opt")]
    [InlineData("llama")]
    public void Steps_below_the_rounding_move_weights_as_far_on_the_average_as_in_float32(string name)
    {
        // A rounding step of 1e-4 is taken by one weight in a hundred, where a step of 1e-6 is meant: had all masters started from
        // rounded weights, none would move yet.
        var (rounded, exact) = (MeanMove(name, bfloat16), MeanMove(name, float32));
        Assert.InRange(rounded, exact / 2, exact * 2);
    }

    [Fact]
    public void A_weight_that_was_changed_by_hand_is_where_its_master_starts()
    {
        using var model = CausalLM.Create(RandomModels.ConfigOf("opt"), bfloat16, 1);
        using var scope = NewDisposeScope();
        var weight = model.Parameters.Values.First(p => p.shape.Length == 2);
        using (no_grad()) weight.fill_(0.5);
        using var optimizer = new AdamW(model, new() { WeightDecay = 0 });
        Trainer.Step(model, optimizer, Blocks, learningRate: 0);
        Assert.True(weight.eq(0.5).all().item<bool>());
    }

    [Fact]
    public void The_unrounded_weights_are_given_away_once()
    {
        using var model = CausalLM.Create(RandomModels.ConfigOf("opt"), bfloat16, 1);
        var name = model.Parameters.Keys.First();
        using var first = model.TakeUnrounded(name);
        Assert.Equal(float32, first!.dtype);
        Assert.Null(model.TakeUnrounded(name));
    }

    /// <summary>How far weights that are large against the rate, but no scales of norms, move in one step, on the average.</summary>
    static double MeanMove(string name, ScalarType dtype)
    {
        using var model = CausalLM.Create(RandomModels.ConfigOf(name), dtype, 1);
        using var scope = NewDisposeScope();
        var before = model.Parameters.Values.Select(p => p.detach().to(float32).clone()).ToList();
        using var optimizer = new AdamW(model, new() { WeightDecay = 0 });
        Trainer.Step(model, optimizer, Blocks, Rate);
        var moves = before.Zip(model.Parameters.Values, (b, p) => (p.detach().to(float32) - b).abs()[b.abs().gt(LeastWeight).logical_and(b.abs().lt(0.5))]);
        return cat([.. moves]).mean().item<float>();
    }
}
