using MathNet.Numerics.Distributions;
using ModelCollapse.Generations;

namespace ModelCollapse.ClosedForm.Laws;

/// <summary>
/// Every law of this folder beside what the recursive loop measures: the same loop, policies and metrics that carry language models.
/// Printed by the tests and shown in notebook 02.
/// </summary>
public static class LawTable
{
    const int Samples = 100;
    const int Fits = 20;

    /// <summary>Measures every law.</summary>
    /// <param name="seed">Decides every number.</param>
    /// <param name="size">Factor on the numbers of repetitions; 1 takes seconds. Range: above 0.</param>
    /// <param name="cancellation">Stops between two generations.</param>
    public static async IAsyncEnumerable<LawRow> MeasureAsync(
        long seed, double size = 1, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var lab = new Laboratory(seed, size, cancellation);
        foreach (var estimator in Enum.GetValues<VarianceEstimator>())
        {
            await foreach (var row in Gaussian(lab, estimator, new Replace(), "Shumailov et al. 2024, 3", (e, m, n) => GaussianLaws.Replace(e, m, n))) yield return row;
            await foreach (var row in Gaussian(lab, estimator, new Accumulate(), "Gerstgrasser et al. 2024, 2", GaussianLaws.Accumulate)) yield return row;
        }

        await foreach (var row in Others(lab)) yield return row;
    }

    static async IAsyncEnumerable<LawRow> Gaussian(
        Laboratory lab, VarianceEstimator estimator, DataPolicy policy, string source, Func<VarianceEstimator, int, int, GaussianExpectation> law)
    {
        var (exact, setting) = (law(estimator, Samples, Fits), $"Gaussian, {policy.GetType().Name}, {estimator}, M = {Samples}, fit {Fits}");
        var repetitions = lab.Repetitions(policy.UsesHistory ? 2_000 : 10_000);
        var g = await lab.LastAsync(
            () => new DiagonalGaussian(repetitions, estimator), new KnownTruth<double[]>(new DiagonalGaussian(repetitions), Samples, lab.Seed), policy, Fits, null, null,
            Number("variance", m => m.StandardDeviations.Select(s => s * s)), Number("mean-square", m => m.Means.Select(x => x * x)),
            Number("deviation", m => m.StandardDeviations), Number("log-variance", m => m.StandardDeviations.Select(s => 2 * Math.Log(s))),
            Number("w2", m => m.Means.Zip(m.StandardDeviations, (x, s) => x * x + (s - 1) * (s - 1))),
            Number("small", m => m.StandardDeviations.Select(s => s * s < 0.5 ? 1.0 : 0)));
        yield return lab.Row("E σ²", source, setting, exact.Variance, g, "variance", repetitions);
        yield return lab.Row("E μ²", source, setting, exact.MeanSquare, g, "mean-square", repetitions);
        yield return lab.Row("E σ", source, setting, exact.Deviation, g, "deviation", repetitions);
        yield return lab.Row("E W2²", source, setting, exact.W2Squared, g, "w2", repetitions);
        if (double.IsNaN(exact.LogVariance)) yield break;
        yield return lab.Row("E ln σ²", source, setting, exact.LogVariance, g, "log-variance", repetitions);
        yield return lab.Row("P(σ² < 1/2)", source, setting, GaussianLaws.ProbabilityOfVarianceBelow(estimator, Samples, Fits, 0.5), g, "small", repetitions);
        if (estimator != VarianceEstimator.Unbiased) yield break;
        yield return lab.Row("E W2² = (3/2) Σ 1/M", "Shumailov et al. 2024, supplement 3.1.1", setting, GaussianLaws.FirstOrderW2Squared(Enumerable.Repeat(Samples, Fits)), g, "w2", repetitions, LawKind.FirstOrder);

        static AcrossRepetitions<double[]> Number(string name, Func<DiagonalGaussian, IEnumerable<double>> values) => new(name, m => values((DiagonalGaussian)m));
    }

    static async IAsyncEnumerable<LawRow> Others(Laboratory lab)
    {
        // Sampling bias λ.
        const double Bias = 0.9;
        var repetitions = lab.Repetitions(10_000);
        var biased = await lab.LastAsync(
            () => new DiagonalGaussian(repetitions, VarianceEstimator.Unbiased, Bias), new KnownTruth<double[]>(new DiagonalGaussian(repetitions), Samples, lab.Seed), new Replace(), Fits, null, null,
            new AcrossRepetitions<double[]>("variance", m => ((DiagonalGaussian)m).StandardDeviations.Select(s => s * s)));
        yield return lab.Row("E σ² = λ^(n−1)", "Alemohammad et al. 2024, 3.1", $"Gaussian, Replace, Unbiased, λ = {Bias}, M = {Samples}, fit {Fits}",
            GaussianLaws.Replace(VarianceEstimator.Unbiased, Samples, Fits, Bias).Variance, biased, "variance", repetitions);

        // Support and concentration of a Zipf distribution.
        var zipf = Discrete.Zipf(50, 1);
        repetitions = lab.Repetitions(2_000);
        var discrete = await lab.LastAsync(
            () => Copies(repetitions, () => new Discrete(zipf.Probabilities)), Truth(repetitions, zipf, 50), new Replace(), Fits, null, null, Support, Concentration);
        yield return lab.Row("states left", "Shumailov et al. 2024, 3", $"Zipf, 50 states, Replace, M = 50, fit {Fits}", DiscreteLaws.ExpectedSupport(zipf.Probabilities, 50, Fits), discrete, "support", repetitions);
        yield return lab.Row("S_m = 1 − (1 − 1/M)^m (1 − S_0)", "Seddik et al. 2024", $"Zipf, 50 states, Replace, M = 50, fit {Fits}", DiscreteLaws.Concentration(zipf.Concentration, 50, Fits), discrete, "concentration", repetitions);

        // Fresh data, in exact shares and in drawn ones.
        var risk = new AcrossRepetitions<int[]>("risk", m => Members<int, Discrete>(m).Select(d => d.Probabilities.Zip(zipf.Probabilities, (p, q) => (p - q) * (p - q)).Sum()));
        var shares = await lab.LastAsync(() => Copies(repetitions, () => new Discrete(zipf.Probabilities)), Truth(repetitions, zipf, 50), new FreshReal(10), Fits, 40, null, risk);
        yield return lab.Row("R_t, shares exact", "derived here", $"Zipf, 50 states, FreshReal 10 of 50, fit {Fits}", DiscreteLaws.RiskWithFixedShares(zipf.Concentration, 50, 40, 10, Fits), shares, "risk", repetitions);
        var drawn = await lab.LastAsync(() => Copies(repetitions, () => new MixedWithTruth(zipf, 0.2)), Truth(repetitions, zipf, 50), new Replace(), Fits, null, null,
            new AcrossRepetitions<int[]>("risk", m => Members<int, MixedWithTruth>(m).Select(d => d.Model.Probabilities.Zip(zipf.Probabilities, (p, q) => (p - q) * (p - q)).Sum())));
        yield return lab.Row("R_t = (n_0/n_t) R_0 + ((n_t − 1)/n_t)(1 − α)² R_t−1", "Bakshi and Chakraborty 2026", $"Zipf, 50 states, α = 0.2, M = 50, fit {Fits}",
            DiscreteLaws.RiskWithFreshData(zipf.Concentration, [.. Enumerable.Repeat(50, Fits)], 0.2), drawn, "risk", repetitions);

        // Regression on one's own labels.
        const int D = 10, T = 100, N = 5;
        repetitions = lab.Repetitions(500);
        double[] weights = [.. Enumerable.Repeat(1.0, D)];
        var excess = new AcrossRepetitions<Labelled[]>("excess", m => Members<Labelled, LinearRegression>(m).Select(r => r.ExcessError(weights)));
        (DataPolicy Policy, PromptSource? Features, double Predicted, string Law)[] regressions =
        [
            (new Replace(), PromptSource.Original, RegressionLaws.Replace(1, D, T, N), "σ²d/(T − d − 1) · n"),
            (new Replace(), null, RegressionLaws.Replace(1, D, T, N), "σ²d/(T − d − 1) · n"),
            (new Accumulate(), PromptSource.Original, RegressionLaws.Accumulate(1, D, T, N), "σ²d/(T − d − 1) · Σ 1/i²"),
            (new Accumulate(), null, RegressionLaws.AccumulateFreshFeatures(1, D, T, N), "σ² Σ d/(i(iT − d − 1))"),
            (new GrowingReplace(), null, RegressionLaws.GrowingReplace(1, D, T, N), "σ² Σ d/(iT − d − 1)"),
        ];
        foreach (var (policy, features, predicted, law) in regressions)
        {
            var g = await lab.LastAsync(() => Copies(repetitions, () => new LinearRegression(weights, 1)), Truth(repetitions, new LinearRegression(weights, 1), T), policy, N, null, features, excess);
            yield return lab.Row(law, "Gerstgrasser et al. 2024, 3", $"regression, {policy.GetType().Name}, {(features is null ? "fresh" : "same")} features, d = {D}, T = {T}, fit {N}", predicted, g, "excess", repetitions);
        }

        yield return Strong(lab, weights);
        yield return TailFloor(lab);
        yield return BreakEven(lab);
    }

    /// <summary>One fit to rows of which a share has labels by other weights.</summary>
    static LawRow Strong(Laboratory lab, double[] weights)
    {
        const double Share = 0.2;
        const int Rows = 2_000;
        var repetitions = lab.Repetitions(200);
        double[] other = [.. weights.Select((w, j) => j == 0 ? w + 2 : w)]; // c² = 4
        var errors = Enumerable.Range(0, repetitions).AsParallel().AsOrdered().Select(r =>
        {
            var (real, synthetic) = ((int)Math.Round((1 - Share) * Rows), (int)Math.Round(Share * Rows));
            var set = new LinearRegression(weights, 1).Sample(real, new(0, Seeds.Derive(lab.Seed, r, "strong real")))
                .Concat(new LinearRegression(other, 1).Sample(synthetic, new(0, Seeds.Derive(lab.Seed, r, "strong synthetic"))));
            var model = new LinearRegression(weights, 1);
            model.Fit(set, new(0, 0));
            return model.ExcessError(weights);
        }).ToArray();
        return lab.Row("σ²d/n + p₂²c²", "Strong Model Collapse, corollary 1", $"regression, p₂ = {Share}, c² = 4, d = {weights.Length}, n = {Rows}",
            RegressionLaws.StrongModelCollapse(1, weights.Length, Rows, Share, 4), errors, LawKind.FirstOrder);
    }

    /// <summary>The slope of the unseen mass over the rank at which the tail is cut, both as logarithms.</summary>
    static LawRow TailFloor(Laboratory lab)
    {
        const double Exponent = 1.5;
        const int States = 200_000;
        int[] cuts = [10, 20, 40, 80, 160];
        var repetitions = lab.Repetitions(20);
        // The measured error: the share of many true draws that a model fitted to the cut distribution cannot give.
        var slopes = Enumerable.Range(0, repetitions).AsParallel().AsOrdered().Select(r =>
        {
            var draws = Discrete.Zipf(States, Exponent).Sample(200_000, new(0, Seeds.Derive(lab.Seed, r, "tail")));
            double[] unseen = [.. cuts.Select(k => Math.Log((double)draws.Count(state => state >= k) / draws.Count))];
            return MathNet.Numerics.Fit.Line([.. cuts.Select(k => Math.Log(k))], unseen).B;
        }).ToArray();
        return lab.Row("floor ∝ k^−(β−1)", "A Tale of Tails, theorem 2.1", $"Zipf, β = {Exponent}, cut at {string.Join(", ", cuts)}", -(Exponent - 1), slopes, LawKind.Conjecture);
    }

    /// <summary>At a share p* of wrong labels half of those that the verifier keeps are right.</summary>
    static LawRow BreakEven(Laboratory lab)
    {
        const double Right = 0.9, Wrong = 0.3;
        const int Labels = 20_000;
        var wrong = VerificationLaw.BreakEven(Right, Wrong);
        var kept = Enumerable.Range(0, lab.Repetitions(100)).Select(r =>
        {
            var random = Seeds.NewRandom(Seeds.Derive(lab.Seed, r, "verifier"));
            int right = Binomial.Sample(random, 1 - wrong, Labels), keptRight = Binomial.Sample(random, Right, right), keptWrong = Binomial.Sample(random, Wrong, Labels - right);
            return (double)keptRight / (keptRight + keptWrong);
        }).ToArray();
        return lab.Row("half right at p* = 1/(1 + ψ/φ)", "Feng et al. 2024, theorem 4.2", $"φ = {Right}, ψ = {Wrong}", 0.5, kept, LawKind.Exact);
    }

    static AcrossRepetitions<int[]> Support => new("support", m => Members<int, Discrete>(m).Select(d => (double)d.Support));

    static AcrossRepetitions<int[]> Concentration => new("concentration", m => Members<int, Discrete>(m).Select(d => d.Concentration));

    static Ensemble<T> Copies<T>(int repetitions, Func<IGenerativeModel<T>> member) => new(repetitions, _ => member());

    static KnownTruth<T[]> Truth<T>(int repetitions, IGenerativeModel<T> truth, int count) => new(new Ensemble<T>(repetitions, _ => truth), count, 1);

    static IEnumerable<TModel> Members<T, TModel>(IGenerativeModel<T[]> ensemble) => ((Ensemble<T>)ensemble).Members.Cast<TModel>();

    /// <summary>A distribution that draws a share of its samples from the truth, each by a throw of its own.</summary>
    sealed class MixedWithTruth(Discrete truth, double share) : IGenerativeModel<int>
    {
        public Discrete Model { get; } = new(truth.Probabilities);

        public void Fit(Dataset<int> data, FitOptions options) => Model.Fit(data, options);

        public Dataset<int> Sample(int count, SampleOptions<int> options) =>
            new Discrete([.. Model.Probabilities.Zip(truth.Probabilities, (p, q) => share * q + (1 - share) * p)]).Sample(count, options);

        public void Save(string folder) => Model.Save(folder);

        public void Load(string folder) => Model.Load(folder);
    }

    sealed record Laboratory(long Seed, double Size, CancellationToken Cancellation)
    {
        public int Repetitions(int usual) => Math.Max(2, (int)Math.Round(usual * Size));

        /// <summary>The numbers of the last fit.</summary>
        public async Task<IReadOnlyDictionary<string, double>> LastAsync<T>(
            Func<IGenerativeModel<T>> model, RealData<T> real, DataPolicy policy, int fits, int? perGeneration, PromptSource? prompts, params AcrossRepetitions<T>[] numbers)
        {
            var experiment = new RecursiveExperiment<T>
            {
                NewModel = model,
                Real = real,
                Policy = policy,
                Generations = fits - 1,
                PerGeneration = perGeneration,
                Metrics = numbers,
                Prompts = prompts,
                Seed = Seed,
            };
            IReadOnlyDictionary<string, double> last = new Dictionary<string, double>();
            await foreach (var generation in experiment.RunAsync(Cancellation)) last = generation.Metrics;
            return last;
        }

        public LawRow Row(string law, string source, string setting, double predicted, IReadOnlyDictionary<string, double> measured, string number, int repetitions, LawKind kind = LawKind.Exact) =>
            new(law, source, kind, setting, predicted, measured[$"{number}.mean"], measured[$"{number}.standard-error"], repetitions);

        public LawRow Row(string law, string source, string setting, double predicted, double[] measured, LawKind kind)
        {
            var (mean, error) = AcrossRepetitions.Of(measured);
            return new(law, source, kind, setting, predicted, mean, error, measured.Length);
        }
    }
}

/// <summary>One law beside its measurement.</summary>
/// <param name="Law">The law as a formula.</param>
/// <param name="Source">Where it is printed.</param>
/// <param name="Kind">What the prediction claims.</param>
/// <param name="Setting">Model, policy and sizes.</param>
/// <param name="Predicted">By the law.</param>
/// <param name="Measured">Mean over repetitions.</param>
/// <param name="StandardError">Of that mean.</param>
/// <param name="Repetitions">Number of repetitions.</param>
public sealed record LawRow(
    string Law, string Source, LawKind Kind, string Setting, double Predicted, double Measured, double StandardError, int Repetitions)
{
    /// <summary>Measured over predicted, minus 1.</summary>
    public double RelativeError => Measured / Predicted - 1;

    /// <summary>Distance in standard errors.</summary>
    public double Z => (Measured - Predicted) / StandardError;
}

/// <summary>What a prediction claims.</summary>
public enum LawKind
{
    /// <summary>The expected value itself: the measurement lies within a few standard errors.</summary>
    Exact,

    /// <summary>The first terms of a series: an error of second order remains.</summary>
    FirstOrder,

    /// <summary>Known here from secondary sources only (references.md, grade S): tested, not presumed.</summary>
    Conjecture,
}
