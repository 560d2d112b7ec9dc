using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.ClosedForm;
using ModelCollapse.Generations;
using ModelCollapse.Images;

namespace ModelCollapse.Tests.ClosedForm;

/// <summary>Every family with a closed form under every policy of the loop.</summary>
public class EveryPolicyTests
{
    static readonly DataPolicy[] Policies =
        [new Replace(), new PreserveFraction(0.1), new PreserveFraction(0.1, PreservedSize.OnTop), new Accumulate(), new AccumulateSubsample(), new FreshReal(10), new GrowingReplace()];

    static readonly IFamily[] Families =
    [
        new Family<double>("Gaussian", () => new Gaussian(), m => ((Gaussian)m).StandardDeviation),
        new Family<double>("Gaussian, sampling bias", () => new Gaussian(samplingBias: 0.9), m => ((Gaussian)m).StandardDeviation),
        new Family<double[]>("DiagonalGaussian", () => new DiagonalGaussian(5, VarianceEstimator.Unbiased), m => ((DiagonalGaussian)m).StandardDeviations.Sum()),
        new Family<double[]>("DiagonalGaussian, sampling bias", () => new DiagonalGaussian(5, samplingBias: 0.9), m => ((DiagonalGaussian)m).StandardDeviations.Sum()),
        new Family<double[]>("DistributionModel.Gaussian", () => DistributionModel.Gaussian(3), m => ((DistributionModel<MultivariateGaussian>)m).Distribution.Entropy),
        new Family<double[]>("DistributionModel.Mixture", TwoHumps, m => ((DistributionModel<GaussianMixture>)m).Distribution.Weights[0]),
        new Family<double[]>("DistributionModel.KernelDensity", () => DistributionModel.KernelDensity([[0, 0], [1, 1]], 0.5), m => ((DistributionModel<KernelDensity>)m).Distribution.Samples[^1].Sum()),
        new Family<double[]>("DistributionModel.Histogram", () => DistributionModel.Histogram(Histogram.Uniform(0, 1, 20)), m => ((DistributionModel<Histogram>)m).Distribution.Probabilities.Sum(p => p * p)),
        new Family<int>("Discrete", () => Discrete.Zipf(20, 1), m => ((Discrete)m).Concentration),
        new Family<int[]>("NGram", () => NGram.Random(6, order: 2, length: 8, seed: 1), m => ((NGram)m).Next([]).Sum(p => p * p)),
        new Family<Labelled>("LinearRegression", () => new LinearRegression([1, 2], 0.5), m => ((LinearRegression)m).ExcessError([1, 2])),
        new Family<int[]>("Ensemble", () => new Ensemble<int>(3, _ => Discrete.Zipf(20, 1)), m => ((Ensemble<int>)m).Members.Sum(d => ((Discrete)d).Concentration)),
    ];

    public static TheoryData<DataPolicy, string> All
    {
        get
        {
            TheoryData<DataPolicy, string> all = [];
            foreach (var policy in Policies)
                foreach (var family in Families) all.Add(policy, family.Name);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_family_runs_under_a_policy_and_the_same_seed_gives_the_same_numbers(DataPolicy policy, string name)
    {
        var family = Families.Single(f => f.Name == name);
        var (first, second, other) = (await family.RunAsync(policy, 1), await family.RunAsync(policy, 1), await family.RunAsync(policy, 2));

        Assert.Equal(4, first.Count);
        Assert.Equal(4, first.Distinct().Count()); // each generation was fitted anew
        Assert.All(first, x => Assert.True(double.IsFinite(x), $"{x}"));
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void No_policy_and_no_family_is_left_out()
    {
        var types = typeof(DataPolicy).Assembly.GetTypes();
        Assert.Equal(types.Where(t => t.IsSubclassOf(typeof(DataPolicy)) && !t.IsAbstract).ToHashSet(), Policies.Select(p => p.GetType()).ToHashSet());

        // The VAE needs images: its tests run it in the loop.
        var models = types.Where(t => t is { IsPublic: true, IsClass: true, IsAbstract: false, Namespace: "ModelCollapse.ClosedForm" } && t != typeof(Vae)
            && t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IGenerativeModel<>))).Select(t => t.Name.Split('`')[0]).ToHashSet();
        Assert.Equal(models, Families.Select(f => f.Name.Split(',', '.')[0]).ToHashSet());
        var distributions = typeof(DistributionModel).GetMethods().Where(m => m.IsStatic).Select(m => $"DistributionModel.{m.Name}").ToHashSet();
        Assert.Equal(distributions, Families.Select(f => f.Name).Where(n => n.StartsWith("DistributionModel.", StringComparison.Ordinal)).ToHashSet());
    }

    static DistributionModel<GaussianMixture> TwoHumps() => DistributionModel.Mixture(new(
        [0.5, 0.5], [new([-3, 0], Matrix<double>.Build.DenseIdentity(2)), new([3, 0], Matrix<double>.Build.DenseIdentity(2))]));

    interface IFamily
    {
        string Name { get; }

        Task<List<double>> RunAsync(DataPolicy policy, long seed);
    }

    sealed record Family<T>(string Name, Func<IGenerativeModel<T>> NewModel, Func<IGenerativeModel<T>, double> Number) : IFamily
    {
        public async Task<List<double>> RunAsync(DataPolicy policy, long seed)
        {
            var experiment = new RecursiveExperiment<T>
            {
                NewModel = NewModel, Real = new KnownTruth<T>(NewModel(), 40, seed), Policy = policy, Generations = 3, PerGeneration = 30, Seed = seed, Metrics = [new ModelNumber<T>("number", Number)],
            };
            List<double> numbers = [];
            await foreach (var generation in experiment.RunAsync(TestContext.Current.CancellationToken)) numbers.Add(generation.Metrics["number"]);
            return numbers;
        }
    }
}
