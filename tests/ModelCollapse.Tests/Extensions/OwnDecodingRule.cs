using ModelCollapse.Sampling;

namespace ModelCollapse.Tests.Extensions;

/// <summary>A decoding rule from another assembly than the library: one file. Only ids above a bound are written.</summary>
[Kind("own-rule")]
public sealed record OwnDecodingRule(int Least) : ScoreProcessor
{
    public override void Apply(Span<float> scores, DecodingState state) => scores[..Math.Min(Least, scores.Length)].Fill(float.NegativeInfinity);

    public override string ToString() => $"own-rule({Least})";
}
