using System.Globalization;
using ModelCollapse.ClosedForm;
using ModelCollapse.ClosedForm.Laws;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Reporting;

/// <summary>Figures and tables of models with a closed form: simulations by the recursive loop, with theory drawn over them.</summary>
public static class ClosedFormFigures
{
    /// <summary>The distance to the truth when one source of error is let in at a time.</summary>
    /// <param name="generations">Number of the last generation.</param>
    /// <param name="seeds">Number of seeds.</param>
    public static Task<RunResults> ErrorSourcesAsync(int generations, int seeds) => Run.LiveAsync(
        "errors", Enum.GetValues<ErrorSource>().ToDictionary(s => s == ErrorSource.None ? "control" : s.ToString().ToLowerInvariant()), seeds,
        (ErrorSource source, long seed) => ErrorSources.Experiment(source, generations, seed));

    /// <summary>
    /// The standard deviation of one-dimensional Gaussians refitted to their own samples, for several sample sizes M: the paper's figure over
    /// 1,000 generations. The line is the mean over repetitions with its 95 % interval, the dots are the law.
    /// </summary>
    /// <param name="sizes">Sample sizes M.</param>
    /// <param name="generations">Number of the last generation.</param>
    /// <param name="repetitions">Independent runs.</param>
    /// <param name="seed">Decides every number.</param>
    public static async Task<Figure> GaussiansAsync(IReadOnlyList<int> sizes, int generations, int repetitions, long seed)
    {
        List<Series> series = [];
        foreach (var (step, size) in sizes.Index())
        {
            var points = await CurveAsync(new Replace(), size, generations, repetitions, seed, m => m.StandardDeviations);
            var law = Enumerable.Range(1, generations + 1).Where(n => IsMark(n)).Select(n => new LinePoint(n, GaussianLaws.Replace(VarianceEstimator.MaximumLikelihood, size, n).Deviation));
            series.Add(new LineSeries($"M = {size.ToString("N0", CultureInfo.InvariantCulture)}", ArmColors.OfStep(step), [.. points.Where(p => IsStep(p.X))]));
            series.Add(new PointSeries(step == 0 ? "exact law (dots)" : "", ArmColors.OfStep(step), [.. law]));
        }

        return new("gaussian-sizes", $"Mean standard deviation of {repetitions} Gaussians, each fitted to M samples of the one before",
            [new("", new("fits", Logarithmic: true), new("E σ"), series)]);
    }

    /// <summary>The mean squared Wasserstein-2 distance to the truth when samples replace each other and when they accumulate, with the laws.</summary>
    /// <param name="size">Samples M per generation.</param>
    /// <param name="generations">Number of the last generation.</param>
    /// <param name="repetitions">Independent runs.</param>
    /// <param name="seed">Decides every number.</param>
    public static async Task<Figure> PoliciesAsync(int size, int generations, int repetitions, long seed)
    {
        List<Series> series = [];
        (DataPolicy Policy, string Name, string Color, Func<int, GaussianExpectation>? Law)[] arms =
        [
            (new Replace(), "replace", "#0072B2", n => GaussianLaws.Replace(VarianceEstimator.MaximumLikelihood, size, n)),
            (new AccumulateSubsample(), "accumulate, subsample", "#E69F00", null),
            (new PreserveFraction(0.1), "keep 10 %", "#D55E00", null),
            (new Accumulate(), "accumulate", "#009E73", n => GaussianLaws.Accumulate(VarianceEstimator.MaximumLikelihood, size, n)),
        ];
        foreach (var (policy, name, color, law) in arms)
        {
            var points = await CurveAsync(policy, size, generations, repetitions, seed, m => m.Means.Zip(m.StandardDeviations, (x, s) => x * x + (s - 1) * (s - 1)));
            series.Add(new LineSeries(name, color, [.. points.Where(p => IsStep(p.X))]));
            if (law is not null) series.Add(new PointSeries(series.Count == 1 ? "exact law (dots)" : "", color, [.. points.Where(p => IsMark(p.X)).Select(p => new LinePoint(p.X, law((int)p.X).W2Squared))]));
        }

        return new("gaussian-policies", $"Distance from the truth, M = {size}, mean of {repetitions} runs", [new("", new("fits", Logarithmic: true), new("E W2²", Logarithmic: true), series)]);
    }

    /// <summary>How many states of a Zipf distribution are left, and the chance of each to be, with the exact Markov chain.</summary>
    /// <param name="states">Number of states.</param>
    /// <param name="size">Draws M per generation.</param>
    /// <param name="repetitions">Independent runs.</param>
    /// <param name="seed">Decides every number.</param>
    /// <param name="generations">The generations that are shown.</param>
    public static async Task<Figure> SurvivalAsync(int states, int size, int repetitions, long seed, params IReadOnlyList<int> generations)
    {
        var truth = Discrete.Zipf(states, 1);
        var snapshots = new Snapshots<int[], double[]>(generations.ToHashSet(), c =>
            [.. Enumerable.Range(0, states).Select(k => ((Ensemble<int>)c.Model).Members.Average(m => ((Discrete)m).Probabilities[k] > 0 ? 1.0 : 0))]);
        await RunAsync(new RecursiveExperiment<int[]>
        {
            NewModel = () => new Ensemble<int>(repetitions, _ => new Discrete(truth.Probabilities)),
            Real = new KnownTruth<int[]>(new Ensemble<int>(repetitions, _ => truth), size, seed),
            Generations = generations.Max(),
            Seed = seed,
            Metrics = [snapshots],
        });
        return new("zipf-survival", $"Which of {states} states are left: M = {size} draws per generation, {repetitions} runs",
            [new("", new("rank of the state (1 is the most frequent)"), new("share of runs that still have it"), [.. generations.Index().SelectMany(g => Of(g.Index, g.Item))])]);

        IEnumerable<Series> Of(int step, int t)
        {
            yield return new LineSeries($"generation {t}", ArmColors.OfStep(step), [.. snapshots.Kept[t].Select((p, k) => new LinePoint(k + 1, p))]);
            yield return new PointSeries(step == 0 ? "exact law (dots)" : "", ArmColors.OfStep(step), [.. DiscreteLaws.Survival(truth.Probabilities, size, t + 1).Select((p, k) => new LinePoint(k + 1, p)).Where(p => p.X % 5 == 1)]);
        }
    }

    /// <summary>The densities of mixtures of two Gaussians that are refitted to their own samples: the paper's figure.</summary>
    /// <param name="size">Samples per generation.</param>
    /// <param name="seed">Decides every number.</param>
    /// <param name="generations">The generations that are shown.</param>
    public static async Task<Figure> MixturesAsync(int size, long seed, params IReadOnlyList<int> generations)
    {
        var snapshots = new Snapshots<double[], GaussianMixture>(generations.ToHashSet(), c => ((DistributionModel<GaussianMixture>)c.Model).Distribution);
        await RunAsync(new RecursiveExperiment<double[]>
        {
            NewModel = () => DistributionModel.Mixture(ErrorSources.Truth, new() { Tolerance = 1e-5, MaxIterations = 2_000 }),
            Real = new KnownTruth<double[]>(DistributionModel.Mixture(ErrorSources.Truth), size, seed),
            Generations = generations.Max(),
            Seed = seed,
            Metrics = [snapshots],
        });
        const int Points = 161;
        double[] grid = [.. Enumerable.Range(0, Points).Select(i => -5 + 10.0 * i / (Points - 1))];
        return new("mixture-densities", $"Mixtures of two Gaussians, {size} samples per generation, seed {seed}",
        [
            .. generations.Select(t => new Panel($"generation {t}", new("x"), new("density"),
            [
                new LineSeries("truth", "#000000", [.. grid.Select(x => new LinePoint(x, Math.Exp(ErrorSources.Truth.LogDensity([x]))))], Thin: true),
                new LineSeries("fitted", "#0072B2", [.. grid.Select(x => new LinePoint(x, Math.Exp(snapshots.Kept[t].LogDensity([x]))))]),
            ])),
        ]);
    }

    /// <summary>The points that a kernel density is fitted to, for each shape and several generations under <see cref="Replace"/>.</summary>
    /// <param name="shapes">The shapes, one panel each.</param>
    /// <param name="size">Points per generation.</param>
    /// <param name="bandwidth">Standard deviation of the kernel.</param>
    /// <param name="seed">Decides every number.</param>
    /// <param name="generations">The generations that are shown.</param>
    public static async Task<Figure> KernelDensitiesAsync(IReadOnlyList<PlanarShape> shapes, int size, double bandwidth, long seed, params IReadOnlyList<int> generations)
    {
        List<Panel> panels = [];
        foreach (var shape in shapes)
        {
            var snapshots = new Snapshots<double[], Dataset<double[]>>(generations.ToHashSet(), c => c.TrainingSet);
            var real = shape.Draw(size, seed);
            await RunAsync(new RecursiveExperiment<double[]>
            {
                NewModel = () => DistributionModel.KernelDensity(real, bandwidth), Real = new(real), Generations = generations.Max(), Seed = seed, Metrics = [snapshots],
            });
            panels.Add(new($"{shape}", new(""), new(""),
                [.. generations.Index().Select(g => new PointSeries($"generation {g.Item}", ArmColors.OfStep(2 * g.Index), [.. snapshots.Kept[g.Item].Select(p => new LinePoint(p[0], p[1]))]))]));
        }

        return new("kernel-densities", $"{size} points, kernel of width {bandwidth.ToString(CultureInfo.InvariantCulture)}: each generation is drawn from the estimate of the one before", panels) { SharedAxes = true };
    }

    /// <summary>A number of all repetitions by fit: mean and 95 % interval.</summary>
    static async Task<IReadOnlyList<LinePoint>> CurveAsync(DataPolicy policy, int size, int generations, int repetitions, long seed, Func<DiagonalGaussian, IEnumerable<double>> number)
    {
        List<LinePoint> points = [];
        var experiment = new RecursiveExperiment<double[]>
        {
            NewModel = () => new DiagonalGaussian(repetitions),
            Real = new KnownTruth<double[]>(new DiagonalGaussian(repetitions), size, seed),
            Policy = policy,
            Generations = generations,
            Seed = seed,
            Metrics = [new AcrossRepetitions<double[]>("number", m => number((DiagonalGaussian)m))],
        };
        await foreach (var generation in experiment.RunAsync())
        {
            var (mean, error) = (generation.Metrics["number.mean"], 1.96 * generation.Metrics["number.standard-error"]);
            points.Add(new(generation.Number + 1, mean, mean - error, mean + error));
        }

        return points;
    }

    static async Task RunAsync<T>(RecursiveExperiment<T> experiment)
    {
        await foreach (var _ in experiment.RunAsync()) { }
    }

    // A curve over a thousand fits needs a point at each of the first ones, and fewer later.
    static bool IsStep(double fit) => fit <= 30 || fit % (fit <= 100 ? 10 : 50) == 0;

    static bool IsMark(double fit) => fit is 1 or 2 or 5 or 10 or 20 or 50 or 100 or 200 or 500 or 1000;
}
