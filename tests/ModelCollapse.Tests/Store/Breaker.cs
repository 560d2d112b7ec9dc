using ModelCollapse.ClosedForm;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Store;

/// <summary>Breaks a run at a chosen place of a chosen generation, after half of the work there is done.</summary>
/// <param name="where">The place.</param>
/// <param name="generation">The generation.</param>
/// <param name="ahead">Whether its metric reads what each model writes.</param>
sealed class Breaker(string where, int generation, bool ahead = false)
{
    public sealed class Broken() : Exception("broken off");

    public IGenerativeModel<double> Model() => new BreakingModel(this);

    public IMetric<double> Metric() => new BreakingMetric(this);

    public ISampleCodec<double> Codec() => new BreakingCodec(this);

    readonly bool ahead = ahead;

    void At(string place, int t)
    {
        if (place == where && t == generation) throw new Broken();
    }

    sealed class BreakingModel(Breaker breaker) : IGenerativeModel<double>
    {
        readonly Gaussian gaussian = new();
        int fitted;

        public Gaussian Gaussian => gaussian;

        public void Fit(Dataset<double> data, FitOptions options)
        {
            gaussian.Fit(data, options);
            breaker.At("fit", fitted = options.Generation);
        }

        public Dataset<double> Sample(int count, SampleOptions<double> options)
        {
            var samples = gaussian.Sample(count, options);
            breaker.At("sample", options.Generation);
            return samples;
        }

        public void Save(string folder)
        {
            gaussian.Save(folder);
            breaker.At("save", fitted);
        }

        public void Load(string folder) => gaussian.Load(folder);
    }

    sealed class BreakingMetric(Breaker breaker) : IMetric<double>
    {
        public string Name => "moments";

        public IReadOnlyList<MetricNumber> Numbers => new Moments().Numbers;

        public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<double> c)
        {
            File.WriteAllText(c.ArtifactPath("sizes.txt"), "half");
            breaker.At("metric", c.Generation);
            var (model, model0) = (((BreakingModel)c.Model).Gaussian, ((BreakingModel)c.Model0).Gaussian);
            return new Moments(breaker.ahead).Measure(new GenerationContext<double>(() => model0, Path.GetDirectoryName(c.ArtifactPath("sizes.txt"))!)
            {
                Generation = c.Generation,
                Seed = c.Seed,
                Model = model,
                TrainingSet = c.TrainingSet,
                Synthetic = c.Synthetic,
                Real = c.Real,
                Written = c.Written,
                OwnText = c.OwnText,
                OwnPrompts = c.OwnPrompts,
            });
        }
    }

    sealed class BreakingCodec(Breaker breaker) : ISampleCodec<double>
    {
        // A generation's first file is what its model writes for the next.
        public void Write(Dataset<double> set, string path)
        {
            new NumberCodec().Write(set, path);
            breaker.At("codec", GenerationOf(Path.GetFileName(Path.GetDirectoryName(path)!)));
        }

        static int GenerationOf(string folder) => int.Parse(folder.AsSpan("generation-".Length, 3));

        public Dataset<double> Read(string path) => new NumberCodec().Read(path);
    }
}
