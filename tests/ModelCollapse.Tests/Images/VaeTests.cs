using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Images;
using ModelCollapse.Metrics;
using ModelCollapse.Provenance;
using ModelCollapse.Results;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Images;

public class VaeTests
{
    [Fact]
    public void It_has_as_many_parameters_as_the_papers()
    {
        using var vae = new Vae(new(), 0);

        Assert.Equal(647_081, vae.ParameterCount);
    }

    [Fact]
    public void The_same_seeds_give_the_same_weights_and_images_and_a_saved_model_draws_the_same()
    {
        using var folder = new TemporaryFolder();
        using Vae a = Fitted(1), b = Fitted(1), c = Fitted(2), loaded = new(Options, 5);

        Assert.Equal(a.Losses, b.Losses);
        Assert.NotEqual(a.Losses, c.Losses);
        a.Save(folder.Path);
        loaded.Load(folder.Path);
        Assert.Equal(a.Sample(3, new(0, 9)).AsEnumerable(), loaded.Sample(3, new(0, 9)));
        Assert.Equal(a.Sample(3, new(0, 9)).AsEnumerable(), b.Sample(3, new(0, 9)));
        Assert.All(a.Sample(3, new(0, 9)), image => Assert.All(image, pixel => Assert.InRange(pixel, 0f, 1f)));

        static Vae Fitted(long seed)
        {
            var vae = new Vae(Options, seed);
            vae.Fit(Blobs(64), new(0, seed));
            return vae;
        }
    }

    [Fact]
    public void The_loss_falls_and_what_it_draws_looks_like_what_it_saw()
    {
        using var vae = new Vae(Options with { Epochs = 12 }, 1);
        var blobs = Blobs(256);
        vae.Fit(blobs, new(0, 1));

        Assert.True(vae.Losses[^1] < vae.Losses[0] / 2, string.Join(", ", vae.Losses));
        Assert.InRange(MathNet.Numerics.Statistics.Correlation.Pearson(Mean(blobs), Mean(vae.Sample(200, new(0, 2)))), 0.35, 1); // a hundred steps only
        using var untrained = new Vae(Options, 1);
        Assert.InRange(MathNet.Numerics.Statistics.Correlation.Pearson(Mean(blobs), Mean(untrained.Sample(200, new(0, 2)))), -0.2, 0.2);

        static double[] Mean(Dataset<float[]> images) => [.. Enumerable.Range(0, 784).Select(p => images.Average(i => (double)i[p]))];
    }

    [Fact]
    [Trait("kind", "data")]
    public async Task It_runs_through_the_loop_on_real_digits()
    {
        var real = new Mnist(new(TestData.Root)).Images(MnistSplit.Train, 1_000);
        List<Generation> generations = [];
        var experiment = new RecursiveExperiment<float[]>
        {
            NewModel = () => new Vae(Options, 1), Real = new(real), Generations = 1, PerGeneration = 500, Seed = 1, Metrics = [new LatentDeviation { Images = 200 }],
        };
        await foreach (var generation in experiment.RunAsync(TestContext.Current.CancellationToken)) generations.Add(generation);

        Assert.Equal(2, generations.Count);
        Assert.All(generations, g => Assert.InRange(g.Metrics["latent.deviation"], 0.001, 3));
    }

    [Fact]
    [Trait("kind", "data")]
    public async Task The_papers_experiment_is_kept_goes_on_and_shares_its_first_generation()
    {
        using TemporaryFolder whole = new(), stopped = new();
        Kinds.Register(typeof(VaeCollapse).Assembly);
        VaeCollapse small = new() { Images = 100, Generations = 2, Training = Options, Measured = 50, Tested = 50 };
        var run = await MetricsOf(small, whole);
        await MetricsOf(small with { Generations = 1 }, stopped);
        Assert.Equal(run, await MetricsOf(small, stopped));
        // As many images, real ones, in the control: generation 0 is the same, later ones are not.
        Assert.Equal(run.Where(m => m.Arm == "replace" && m.Generation == 0).Select(m => (m.Metric, m.Value)), run.Where(m => m.Arm == "control" && m.Generation == 0).Select(m => (m.Metric, m.Value)));
        Assert.NotEqual(run.Where(m => m.Arm == "replace" && m.Generation == 2).Select(m => m.Value), run.Where(m => m.Arm == "control" && m.Generation == 2).Select(m => m.Value));
        Assert.All(run, m => Assert.True(double.IsFinite(m.Value)));

        var results = RunResults.Read(whole.Path);
        Assert.Equal(2 * 3, ImagesOf(results).Count);
        using TemporaryFolder exported = new();
        results.Write(exported.Path);
        Assert.Equal(ImagesOf(results).SelectMany(i => i.Value.Pixels), ImagesOf(RunResults.Read(exported.Path)).SelectMany(i => i.Value.Pixels));
        Assert.All(run.Select(m => m.Metric).Distinct(), key => Assert.NotNull(MetricCatalog.Find(key)));
        Assert.Contains("the arms are replace, control", Assert.Throws<InputException>(() => small.Experiment("other", 0, new(TestData.Root))).Message);

        static IReadOnlyList<Artifact<DrawnImages>> ImagesOf(RunResults results) => results.Artifacts<DrawnImages>(DrawnImages.FileName);

        static async Task<IReadOnlyList<MetricRow>> MetricsOf(VaeCollapse experiment, TemporaryFolder folder)
        {
            RunStore store = new(folder.Path);
            foreach (var arm in VaeCollapse.Arms.Keys)
                await foreach (var _ in experiment.Experiment(arm, 0, new(TestData.Root), store).RunAsync(TestContext.Current.CancellationToken)) { }
            return RunResults.Read(folder.Path).Metrics;
        }
    }

    [Fact]
    public void The_loss_on_other_images_falls_too()
    {
        using Vae fitted = new(Options with { Epochs = 8 }, 1), untrained = new(Options, 1);
        fitted.Fit(Blobs(256), new(0, 1));
        Assert.True(fitted.LossOn(Blobs(50), 3) < untrained.LossOn(Blobs(50), 3) / 2);
        Assert.Equal(fitted.LossOn(Blobs(50), 3), fitted.LossOn(Blobs(50), 3));
        Assert.InRange(fitted.LossOn(Blobs(256), 3) / fitted.Losses[^1], 0.7, 1.1); // the loss of the last epoch is from before its end
    }

    [Fact]
    [Trait("kind", "data")]
    public void Mnist_is_read_as_published_and_a_damaged_file_is_refused()
    {
        var mnist = new Mnist(new(TestData.Root));
        Assert.Equal((60_000, 10_000), (mnist.Images(MnistSplit.Train).Count, mnist.Labels(MnistSplit.Test).Length));
        Assert.Equal([5, 0, 4, 1, 9], mnist.Labels(MnistSplit.Train)[..5]);
        Assert.Equal((0f, 1f), (mnist.Images(MnistSplit.Test, 100).Min(i => i.Min()), mnist.Images(MnistSplit.Test, 100).Max(i => i.Max())));

        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "mnist"));
        var copy = Path.Combine(folder.Path, "mnist", Mnist.FileName(MnistSplit.Test, images: false));
        Assert.Contains("collapse fetch mnist", Assert.Throws<InputException>(() => new Mnist(new(folder.Path)).Labels(MnistSplit.Test)).Message);
        var bytes = File.ReadAllBytes(Path.Combine(TestData.Root, "mnist", Mnist.FileName(MnistSplit.Test, images: false)));
        File.WriteAllBytes(copy, bytes[..(bytes.Length / 2)]);
        Assert.Contains(copy, Assert.Throws<InputException>(() => new Mnist(new(folder.Path)).Labels(MnistSplit.Test)).Message);
    }

    static VaeOptions Options => new() { Epochs = 2, BatchSize = 32 };

    /// <summary>Images of one bright disc, left or right of the middle.</summary>
    static Dataset<float[]> Blobs(int count) => Dataset<float[]>.Human(
        Enumerable.Range(0, count).Select(i => Enumerable.Range(0, 784).Select(p => Math.Pow(p / 28 - 14, 2) + Math.Pow(p % 28 - (i % 2 == 0 ? 9 : 19), 2) < 25 ? 1f : 0).ToArray()), "blobs");
}
