using MathNet.Numerics.Distributions;

namespace ModelCollapse.ClosedForm.Laws;

/// <summary>What is cut off, and what a verifier keeps.</summary>
static class MeasuredSelection
{
    public static IEnumerable<LawRow> Rows(Laboratory lab)
    {
        const double Exponent = 1.5;
        const int States = 200_000, Draws = 200_000;
        int[] cuts = [10, 20, 40, 80, 160];
        // The measured error: the share of many true draws that a model fitted to the cut distribution cannot give.
        var unseen = Enumerable.Range(0, lab.Repetitions(20)).AsParallel().AsOrdered().Select(r =>
        {
            var draws = Discrete.Zipf(States, Exponent).Sample(Draws, new(0, Seeds.Derive(lab.Seed, r, "tail")));
            return cuts.Select(k => (double)draws.Count(state => state >= k) / draws.Count).ToArray();
        }).ToArray();
        yield return Laboratory.Row("mass beyond rank k", "A Tale of Tails, theorem 2.1", $"Zipf, β = {Exponent}, cut at k = {string.Join(", ", cuts)}",
            cuts.Select((k, i) => ((double)k, DiscreteLaws.TailBeyond(Exponent, k, States), unseen.Select(u => u[i]).ToArray())), LawKind.Exact);
        double[] slopes = [.. unseen.Select(u => MathNet.Numerics.Fit.Line([.. cuts.Select(k => Math.Log(k))], [.. u.Select(mass => Math.Log(mass))]).B)];
        yield return Laboratory.Row("floor ∝ k^−(β−1)", "A Tale of Tails, theorem 2.1", $"Zipf, β = {Exponent}, cut at {string.Join(", ", cuts)}, as logarithms", [(1, -(Exponent - 1), slopes)], LawKind.Conjecture);

        // At a share p* of wrong labels half of those that the verifier keeps are right.
        const double Right = 0.9, Wrong = 0.3;
        const int Labels = 20_000;
        var breakEven = VerificationLaw.BreakEven(Right, Wrong);
        double[] shares = [0.1, 0.3, 0.5, breakEven];
        yield return Laboratory.Row("half right at p* = 1/(1 + ψ/φ)", "Feng et al. 2024, theorem 4.2", $"φ = {Right}, ψ = {Wrong}, share of wrong labels up to p* = {breakEven}",
            shares.Select(p => (p, VerificationLaw.KeptRight(p, Right, Wrong), Kept(p))), LawKind.Exact);

        double[] Kept(double wrong) => [.. Enumerable.Range(0, lab.Repetitions(100)).Select(r =>
        {
            var random = Seeds.NewRandom(Seeds.Derive(lab.Seed, r, "verifier"));
            int right = Binomial.Sample(random, 1 - wrong, Labels), keptRight = Binomial.Sample(random, Right, right), keptWrong = Binomial.Sample(random, Wrong, Labels - right);
            return (double)keptRight / (keptRight + keptWrong);
        })];
    }
}
