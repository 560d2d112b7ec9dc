using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.ClosedForm.Laws;

/// <summary>Distributions over states, and next-token models.</summary>
static class MeasuredDiscrete
{
    const int Samples = 50, Fits = 20;

    static readonly Discrete Zipf = Discrete.Zipf(50, 1);

    public static async IAsyncEnumerable<LawRow> RowsAsync(Laboratory lab)
    {
        var repetitions = lab.Repetitions(2_000);
        var discrete = await lab.RunAsync(
            () => Laboratory.Copies(repetitions, () => new Discrete(Zipf.Probabilities)), Laboratory.Truth(repetitions, Zipf, Samples), new Replace(), Fits, null, null,
            new AcrossRepetitions<int[]>("support", m => Laboratory.Members<int, Discrete>(m).Select(d => (double)d.Support)),
            new AcrossRepetitions<int[]>("concentration", m => Laboratory.Members<int, Discrete>(m).Select(d => d.Concentration)));
        yield return lab.Row("states left", "Shumailov et al. 2024, 3", $"Zipf, 50 states, Replace, M = {Samples}, fit {Fits}", n => DiscreteLaws.ExpectedSupport(Zipf.Probabilities, Samples, n), discrete, "support", repetitions);
        yield return lab.Row("S_m = 1 − (1 − 1/M)^m (1 − S_0)", "Seddik et al. 2024", $"Zipf, 50 states, Replace, M = {Samples}, fit {Fits}", n => DiscreteLaws.Concentration(Zipf.Concentration, Samples, n), discrete, "concentration", repetitions);

        // The first token of each text is one draw per text; what follows depends on it.
        const int Tokens = 8;
        var language = NGram.Random(Tokens, order: 2, length: 6, seed: 1);
        var first = new Discrete(language.Next([]));
        var texts = lab.Repetitions(500);
        var ngram = await lab.RunAsync(
            () => Laboratory.Copies(texts, () => language.Copy()), Laboratory.Truth(texts, language, Samples), new Replace(), Fits, null, null,
            new AcrossRepetitions<int[][]>("concentration", m => Laboratory.Members<int[], NGram>(m).Select(d => new Discrete(d.Next([])).Concentration)));
        yield return lab.Row("S_m = 1 − (1 − 1/M)^m (1 − S_0)", "Seddik et al. 2024", $"trigrams, {Tokens} tokens, first token of a text, Replace, M = {Samples}, fit {Fits}",
            n => DiscreteLaws.Concentration(first.Concentration, Samples, n), ngram, "concentration", texts);

        // Fresh data, in exact shares and in drawn ones.
        var shares = await lab.RunAsync(() => Laboratory.Copies(repetitions, () => new Discrete(Zipf.Probabilities)), Laboratory.Truth(repetitions, Zipf, Samples), new FreshReal(10), Fits, 40, null,
            new AcrossRepetitions<int[]>("risk", m => Laboratory.Members<int, Discrete>(m).Select(Risk)));
        yield return lab.Row("R_t, shares exact", "derived here", $"Zipf, 50 states, FreshReal 10 of 50, fit {Fits}", n => DiscreteLaws.RiskWithFixedShares(Zipf.Concentration, Samples, 40, 10, n), shares, "risk", repetitions);
        var drawn = await lab.RunAsync(() => Laboratory.Copies(repetitions, () => new MixedWithTruth(Zipf, 0.2)), Laboratory.Truth(repetitions, Zipf, Samples), new Replace(), Fits, null, null,
            new AcrossRepetitions<int[]>("risk", m => Laboratory.Members<int, MixedWithTruth>(m).Select(d => Risk(d.Model))));
        yield return lab.Row("R_t = (n_0/n_t) R_0 + ((n_t − 1)/n_t)(1 − α)² R_t−1", "Bakshi and Chakraborty 2026", $"Zipf, 50 states, α = 0.2, M = {Samples}, fit {Fits}",
            n => DiscreteLaws.RiskWithFreshData(Zipf.Concentration, [.. Enumerable.Repeat(Samples, n)], 0.2), drawn, "risk", repetitions);
        yield return await Forgetting(lab);
    }

    static double Risk(Discrete d) => d.Probabilities.Zip(Zipf.Probabilities, (p, q) => (p - q) * (p - q)).Sum();

    /// <summary>The slope of the median time until a word is forgotten over its expected count, both as logarithms.</summary>
    static async Task<LawRow> Forgetting(Laboratory lab)
    {
        const int Draws = 2_000, Words = 20, Longest = 300;
        int[] counts = [4, 8, 16, 32];
        var repetitions = lab.Repetitions(50);
        double[] rare = [.. counts.SelectMany(c => Enumerable.Repeat((double)c / Draws, Words))];
        var truth = new Discrete([.. rare, 1 - rare.Sum()]);
        var times = new ForgettingTimes(repetitions, rare.Length);
        await lab.RunAsync(() => Laboratory.Copies(repetitions, () => new Discrete(truth.Probabilities)), Laboratory.Truth(repetitions, truth, Draws), new Replace(), Longest, null, null, times);
        var slopes = times.Fits.Select(fits => MathNet.Numerics.Fit.Line(
            [.. counts.Select(c => Math.Log(c))], [.. fits.Chunk(Words).Select(c => Math.Log(MathNet.Numerics.Statistics.Statistics.Median(c)))]).B).ToArray();
        return Laboratory.Row("time to forget ∝ count", "Suresh et al. 2024, abstract", $"median time over counts {string.Join(", ", counts)} of {Draws} words, as logarithms", [(1, 1, slopes)], LawKind.Conjecture);
    }

    /// <summary>The fit in which each state was lost, for each member; the last one where it was not.</summary>
    sealed class ForgettingTimes(int repetitions, int states) : IMetric<int[]>
    {
        public double[][] Fits { get; } = [.. Enumerable.Range(0, repetitions).Select(_ => new double[states])];

        public string Name => "forgetting";

        public IReadOnlyList<MetricNumber> Numbers => [];

        public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> c)
        {
            foreach (var (r, member) in Laboratory.Members<int, Discrete>(c.Model).Index())
                for (var s = 0; s < states; s++)
                    if (member.Probabilities[s] > 0) Fits[r][s] = c.Generation + 2; // the next fit, until it turns out later still
            return new Dictionary<NumberKey, double>();
        }
    }

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
}
