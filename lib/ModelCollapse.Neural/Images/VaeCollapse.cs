using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Store;
using TorchSharp;

namespace ModelCollapse.Images;

/// <summary>
/// The paper's experiment with images, in the loop that all models share: a <see cref="Vae"/> fitted to MNIST, the next one, from new random
/// weights, to what that one draws, and so on (Shumailov et al. 2024, supplement; settings of their notebook in literature.md, Shumailov et al. 2024, Toy experiments).
/// </summary>
/// <remarks>
/// Their notebook draws fresh images for every batch of 30 epochs over 60,000 images. Here a generation's set is drawn once and seen
/// <see cref="VaeOptions.Epochs"/> times. The defaults are a twentieth of their work: a quarter of an hour for one arm and seed on one core.
/// </remarks>
public sealed record VaeCollapse
{
    /// <summary>Name of the experiment and of its folder of results.</summary>
    public const string Name = "vae-mnist";

    const string ControlArm = "control";

    /// <summary>The arms: nothing real is kept; real images only, with as many steps.</summary>
    public static IReadOnlyDictionary<string, DataPolicy> Arms { get; } = new Dictionary<string, DataPolicy>
    {
        ["replace"] = new Replace(), [ControlArm] = new PreserveFraction(1.0),
    };

    /// <summary>Images of MNIST's training part, from the first, and of each later training set. Range: 1 to 60,000.</summary>
    public int Images { get; init; } = 20_000;

    /// <summary>Number of the last generation; the paper's notebook runs five generations, 0 to 4.</summary>
    public int Generations { get; init; } = 4;

    /// <summary>How each VAE is trained.</summary>
    public VaeOptions Training { get; init; } = new() { Epochs = 5 };

    /// <summary>Images drawn to measure <see cref="LatentDeviation"/>. Range: at least 2.</summary>
    public int Measured { get; init; } = 10_000;

    /// <summary>Images of MNIST's test part that <see cref="TestLoss"/> is measured on, from the first; null for all 10,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Tested { get; init; }

    /// <summary>Threads of the process. Changes the last bits of the results. Range: at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>One run.</summary>
    /// <param name="arm">One of <see cref="Arms"/>.</param>
    /// <param name="seed">Decides every random choice.</param>
    /// <param name="folder">The data folder, with MNIST in it.</param>
    /// <param name="store">Where it is kept; null to keep nothing.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <exception cref="InputException">MNIST is missing or damaged.</exception>
    public RecursiveExperiment<float[]> Experiment(string arm, long seed, DataFolder folder, RunStore? store = null, Action<RunStatus>? progress = null)
    {
        var policy = Arms.TryGetValue(arm, out var p) ? p : throw new InputException($"There is no arm {arm} of {Name}: the arms are {string.Join(", ", Arms.Keys)}.");
        torch.set_num_threads(Threads);
        var mnist = new Mnist(folder);
        return new()
        {
            NewModel = () => new Vae(Training, Seeds.Derive(seed, 0, "weights")),
            Real = new(mnist.Images(MnistSplit.Train, Images)),
            Codec = new VectorCodec(),
            Generations = Generations,
            Seed = seed,
            Policy = policy,
            InitialWeights = InitialWeights.Pretrained,
            Setting = new(new ImageSetting { Test = mnist.Images(MnistSplit.Test, Tested) }),
            Metrics = Metrics,
            Headline = LatentDeviation.Headline,
            Store = store is null ? null : (store.Run(Name, arm, seed), Describe(arm, policy, seed)),
            SharedGeneration0Key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Settings(null).ToJsonString())))[..16],
            Progress = progress,
        };
    }

    IReadOnlyList<IMetric<float[]>> Metrics => [new TestLoss(), new LatentDeviation { Images = Measured }, new SampleImages()];

    RunDescription Describe(string arm, DataPolicy policy, long seed) => new()
    {
        Recipe = Name, Arm = arm, Seed = seed, Settings = Settings(policy), Identity = Identity(policy), Control = arm == ControlArm ? null : ControlArm,
        Factors = new Dictionary<string, string> { ["policy"] = arm },
        Numbers = Metrics.ToDictionary(m => m.Name, m => m.Numbers),
        Hashes = new Dictionary<string, string>
        {
            ["data.train"] = Mnist.Sha256(MnistSplit.Train, images: true), ["data.test"] = Mnist.Sha256(MnistSplit.Test, images: true),
        },
    };

    /// <summary>The settings that decide the results and are not their default; a run may go on for more generations.</summary>
    JsonObject Identity(DataPolicy policy)
    {
        var identity = StrictJson.WithoutDefaults<VaeCollapse>(StrictJson.Write(this));
        identity.Remove("generations");
        identity["policy"] = StrictJson.Write(policy);
        return identity;
    }

    /// <summary>Everything that decides a run beside its seed; without a policy, everything that decides its generation 0.</summary>
    JsonObject Settings(DataPolicy? policy)
    {
        var settings = StrictJson.Write(this);
        if (policy is null) settings.Remove("generations");
        else settings["policy"] = StrictJson.Write(policy);
        return settings;
    }
}
