using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.ClosedForm.Laws;

/// <summary>Runs the recursive loop for the sake of a law, and puts what it measures beside the law.</summary>
/// <param name="Seed">Decides every number.</param>
/// <param name="Size">Factor on the numbers of repetitions.</param>
/// <param name="Cancellation">Stops between two generations.</param>
sealed record Laboratory(long Seed, double Size, CancellationToken Cancellation)
{
    public int Repetitions(int usual) => Math.Max(2, (int)Math.Round(usual * Size));

    /// <summary>The numbers of each fit.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<MetricKey, double>>> RunAsync<T>(
        Func<IGenerativeModel<T>> model, RealData<T> real, DataPolicy policy, int fits, int? perGeneration, PromptSource? prompts, params IMetric<T>[] numbers)
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
        List<IReadOnlyDictionary<MetricKey, double>> measured = [];
        await foreach (var generation in experiment.RunAsync(Cancellation)) measured.Add(generation.Metrics);
        return measured;
    }

    /// <summary>A law by fit beside a number of <see cref="AcrossRepetitions{TSample}"/>.</summary>
    public LawRow Row(
        string law, string source, string setting, Func<int, double> predicted, IReadOnlyList<IReadOnlyDictionary<MetricKey, double>> measured, string number, int repetitions, LawKind kind = LawKind.Exact) =>
        new(law, source, kind, setting, [.. measured.Select((m, i) => new LawPoint(i + 1, predicted(i + 1), m[$"{number}.mean"], m[$"{number}.standard-error"]))], repetitions);

    /// <summary>A law along something else than fits, with the numbers of all repetitions at each place.</summary>
    public static LawRow Row(string law, string source, string setting, IEnumerable<(double X, double Predicted, double[] Measured)> places, LawKind kind)
    {
        List<LawPoint> points = [];
        var repetitions = 0;
        foreach (var (x, predicted, measured) in places)
        {
            var (mean, error) = AcrossRepetitions.Of(measured);
            points.Add(new(x, predicted, mean, error));
            repetitions = measured.Length;
        }

        return new(law, source, kind, setting, points, repetitions);
    }

    public static Ensemble<T> Copies<T>(int repetitions, Func<IGenerativeModel<T>> member) => new(repetitions, _ => member());

    public static KnownTruth<T[]> Truth<T>(int repetitions, IGenerativeModel<T> truth, int count) => new(new Ensemble<T>(repetitions, _ => truth), count, 1);

    public static IEnumerable<TModel> Members<T, TModel>(IGenerativeModel<T[]> ensemble) => ((Ensemble<T>)ensemble).Members.Cast<TModel>();
}
