using ModelCollapse.Generations;

namespace ModelCollapse.ClosedForm.Laws;

/// <summary>Linear regression on labels of its predecessors.</summary>
static class MeasuredRegressions
{
    const int D = 10;

    static readonly double[] Weights = [.. Enumerable.Repeat(1.0, D)];

    public static async IAsyncEnumerable<LawRow> RowsAsync(Laboratory lab)
    {
        const int T = 100, N = 5;
        var repetitions = lab.Repetitions(500);
        var excess = new AcrossRepetitions<Labelled[]>("excess", m => Laboratory.Members<Labelled, LinearRegression>(m).Select(r => r.ExcessError(Weights)));
        (DataPolicy Policy, PromptSource? Features, Func<int, double> Predicted, string Law)[] regressions =
        [
            (new Replace(), PromptSource.Original, n => RegressionLaws.Replace(1, D, T, n), "σ²d/(T − d − 1) · n"),
            (new Replace(), null, n => RegressionLaws.Replace(1, D, T, n), "σ²d/(T − d − 1) · n"),
            (new Accumulate(), PromptSource.Original, n => RegressionLaws.Accumulate(1, D, T, n), "σ²d/(T − d − 1) · Σ 1/i²"),
            (new Accumulate(), null, n => RegressionLaws.AccumulateFreshFeatures(1, D, T, n), "σ² Σ d/(i(iT − d − 1))"),
            (new GrowingReplace(), null, n => RegressionLaws.GrowingReplace(1, D, T, n), "σ² Σ d/(iT − d − 1)"),
        ];
        foreach (var (policy, features, predicted, law) in regressions)
        {
            var g = await lab.RunAsync(
                () => Laboratory.Copies(repetitions, () => new LinearRegression(Weights, 1)), Laboratory.Truth(repetitions, new LinearRegression(Weights, 1), T), policy, N, null, features, excess);
            yield return lab.Row(law, "Gerstgrasser et al. 2024, 3", $"regression, {policy.GetType().Name}, {(features is null ? "fresh" : "same")} features, d = {D}, T = {T}, fit {N}", predicted, g, "excess", repetitions);
        }

        yield return Strong(lab);
    }

    /// <summary>One fit to rows of which a share has labels by other weights.</summary>
    static LawRow Strong(Laboratory lab)
    {
        const int Rows = 2_000;
        const double DistanceSquared = 4;
        double[] shares = [0.05, 0.1, 0.2];
        double[] other = [.. Weights.Select((w, j) => j == 0 ? w + Math.Sqrt(DistanceSquared) : w)];
        return Laboratory.Row("σ²d/n + p₂²c²", "Strong Model Collapse, corollary 1", $"regression, c² = {DistanceSquared}, d = {D}, n = {Rows}, p₂ = {string.Join(", ", shares)}",
            shares.Select(share => (share, RegressionLaws.StrongModelCollapse(1, D, Rows, share, DistanceSquared), Errors(share))), LawKind.FirstOrder);

        double[] Errors(double share) => [.. Enumerable.Range(0, lab.Repetitions(200)).AsParallel().AsOrdered().Select(r =>
        {
            var (real, synthetic) = ((int)Math.Round((1 - share) * Rows), (int)Math.Round(share * Rows));
            var set = new LinearRegression(Weights, 1).Sample(real, new(0, Seeds.Derive(lab.Seed, r, "strong real")))
                .Concat(new LinearRegression(other, 1).Sample(synthetic, new(0, Seeds.Derive(lab.Seed, r, "strong synthetic"))));
            var model = new LinearRegression(Weights, 1);
            model.Fit(set, new(0, 0));
            return model.ExcessError(Weights);
        })];
    }
}
