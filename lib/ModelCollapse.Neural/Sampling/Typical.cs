namespace ModelCollapse.Sampling;

/// <summary>
/// Keeps the tokens whose surprise is nearest to the entropy, until they hold a given probability (Meister et al. 2023); the one
/// that crosses it is kept.
/// </summary>
sealed record Typical(double mass) : ScoreProcessor
{
    public override void Apply(Span<float> scores, DecodingState state)
    {
        var probabilities = Distribution.Softmax(scores);
        var entropy = probabilities.Sum(q => q > 0 ? -q * Math.Log(q) : 0);
        var distance = Array.ConvertAll(probabilities, q => q > 0 ? -Math.Abs(-Math.Log(q) - entropy) : double.NegativeInfinity);
        var sum = 0.0;
        foreach (var i in Distribution.Descending(distance))
        {
            if (sum >= mass) scores[i] = float.NegativeInfinity;
            sum += probabilities[i];
        }
    }
}
