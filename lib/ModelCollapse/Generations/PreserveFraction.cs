using System.Text.Json.Serialization;
using ModelCollapse.Provenance;

namespace ModelCollapse.Generations;

/// <summary>
/// With every generation a new random share of the original samples is kept. Setting B of Shumailov et al. 2024 (Fig. 1c) keeps
/// 10 %: "a random 10% of the original data points is sampled".
/// </summary>
/// <remarks>
/// The text leaves open whether the 10 % are part of a set of unchanged size or come on top of it. The published code mixes
/// within unchanged size (its option <c>generate_percentage</c>), so that is the default. A fraction of 1 within constant size
/// is the control: real text at the same number of steps, without any sampling.
/// </remarks>
/// <param name="Fraction">Share f of n that is real. Range: 0 ≤ f ≤ 1. The number is rounded to the nearest whole sample.</param>
/// <param name="Size">Whether the real share counts within n or on top of it.</param>
[Kind(nameof(PreserveFraction))]
public sealed record PreserveFraction(double Fraction, PreservedSize Size = PreservedSize.WithinConstantSize) : DataPolicy
{
    /// <inheritdoc/>
    public override int SyntheticCount(PolicySizes sizes)
    {
        var real = RealCount(sizes.PerGeneration);
        if (real > sizes.Original)
            throw new InputException(
                $"The policy keeps {real} original samples in each generation but there are only {sizes.Original}: lower the fraction or the samples per generation, or give more real data.");
        return Size == PreservedSize.WithinConstantSize ? sizes.PerGeneration - real : sizes.PerGeneration;
    }

    /// <inheritdoc/>
    public override Dataset<TSample> Compose<TSample>(PolicyContext<TSample> c) =>
        c.Real.Original.Draw(RealCount(c.PerGeneration), c.Random).Concat(c.Synthetic);

    int RealCount(int perGeneration) => Fraction is >= 0 and <= 1
        ? (int)Math.Round(Fraction * perGeneration, MidpointRounding.AwayFromZero)
        : throw new InputException($"The preserved fraction is {Fraction} but must lie between 0 and 1.");
}

/// <summary>What "10 % of the original data preserved" refers to.</summary>
public enum PreservedSize
{
    /// <summary>n samples in all: f·n real, the rest synthetic.</summary>
    [JsonStringEnumMemberName("within-constant-size")] WithinConstantSize,

    /// <summary>n synthetic samples and f·n real ones.</summary>
    [JsonStringEnumMemberName("on-top")] OnTop,
}
