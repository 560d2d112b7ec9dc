using System.Diagnostics;
using ModelCollapse.Generations;
using ModelCollapse.Models;
using ModelCollapse.Models.Checkpoints;
using ModelCollapse.Provenance;
using ModelCollapse.Tensors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace ModelCollapse.Images;

/// <summary>How a <see cref="Vae"/> is trained. Defaults are those of the paper's notebook (literature.md, Shumailov et al. 2024, Toy experiments).</summary>
public sealed record VaeOptions
{
    /// <summary>Passes over the training set. Range: at least 1.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Images per step. Range: at least 1.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Learning rate of Adam. Range: above 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay of the weights, added to their gradients as Adam does it. Range: at least 0.</summary>
    public double WeightDecay { get; init; } = 1e-5;

    /// <summary>Weight β of the divergence from the prior. Range: at least 0.</summary>
    public double Beta { get; init; } = 1;
}

/// <summary>
/// The variational autoencoder of Shumailov et al. 2024 for MNIST: two convolutions of 4 × 4 with stride 2 to 64 and 128 channels, 20 latent
/// numbers, and the same way back; 647,081 parameters. What it writes are the pixels' probabilities, without a draw.
/// </summary>
/// <remarks>
/// The paper's notebook draws fresh images from its predecessor for every batch. In the loop a training set is drawn once: one epoch over
/// a large set is the same thing, several epochs over a smaller one are not.
/// </remarks>
public sealed class Vae : IGenerativeModel<float[]>, IDisposable
{
    /// <summary>Latent numbers.</summary>
    public const int LatentWidth = 20;

    const int Side = 28, Wide = 64, Deep = 128, Corner = Side / 4, Features = Deep * Corner * Corner;
    const int Batch = 1_000;
    const string FileName = "vae.safetensors";

    /// <summary>Name, shape, and the number of inputs of one output, of each parameter.</summary>
    static readonly (string Name, long[] Shape, int FanIn)[] Shapes =
    [
        ("encoder.conv1.weight", [Wide, 1, 4, 4], 16), ("encoder.conv1.bias", [Wide], 16),
        ("encoder.conv2.weight", [Deep, Wide, 4, 4], Wide * 16), ("encoder.conv2.bias", [Deep], Wide * 16),
        ("encoder.mean.weight", [LatentWidth, Features], Features), ("encoder.mean.bias", [LatentWidth], Features),
        ("encoder.log_variance.weight", [LatentWidth, Features], Features), ("encoder.log_variance.bias", [LatentWidth], Features),
        ("decoder.input.weight", [Features, LatentWidth], LatentWidth), ("decoder.input.bias", [Features], LatentWidth),
        ("decoder.conv2.weight", [Deep, Wide, 4, 4], Wide * 16), ("decoder.conv2.bias", [Wide], Wide * 16),
        ("decoder.conv1.weight", [Wide, 1, 4, 4], 16), ("decoder.conv1.bias", [1], 16),
    ];

    readonly VaeOptions options;
    readonly Dictionary<string, Parameter> weights = [];

    /// <summary>Random weights as PyTorch starts these layers: uniform in ±1/√inputs.</summary>
    /// <param name="options">How it is trained.</param>
    /// <param name="seed">Decides the weights.</param>
    public Vae(VaeOptions options, long seed)
    {
        this.options = options;
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        foreach (var (name, shape, fanIn) in Shapes)
        {
            weights[name] = nn.Parameter(rand(shape, generator: generator).Shift(-0.5).Scale(2 / Math.Sqrt(fanIn)));
            weights[name].DetachFromDisposeScope();
        }
    }

    /// <summary>Number of parameters.</summary>
    public long ParameterCount => weights.Values.Sum(w => w.numel());

    /// <summary>The loss of each epoch of the last fit: nats per image, reconstruction and divergence together.</summary>
    public IReadOnlyList<double> Losses { get; private set; } = [];

    /// <inheritdoc/>
    /// <exception cref="TrainingDivergedException">The loss is no longer a number.</exception>
    public void Fit(Dataset<float[]> data, FitOptions fit)
    {
        if (data.Count == 0) throw new ArgumentException("There are no images to fit to.", nameof(data));
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)fit.Seed);
        using var optimizer = optim.Adam(weights.Values, options.LearningRate, weight_decay: options.WeightDecay);
        var (clock, random, order, losses) = (Stopwatch.StartNew(), Seeds.NewRandom(fit.Seed), Enumerable.Range(0, data.Count).ToArray(), new List<double>());
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            random.Shuffle(order);
            var sum = 0.0;
            for (var start = 0; start < order.Length; start += options.BatchSize)
            {
                fit.Cancellation.ThrowIfCancellationRequested();
                using var inner = NewDisposeScope();
                using var images = Images([.. order.Skip(start).Take(options.BatchSize).Select(i => data[i])]);
                var loss = Loss(images, generator);
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
                var value = loss.item<float>();
                if (!float.IsFinite(value)) throw new TrainingDivergedException($"The loss of the VAE is {value} in epoch {epoch + 1} of generation {fit.Generation}: lower the learning rate.");
                sum += value * images.shape[0];
                fit.Progress?.Report(new("fit", (long)epoch * order.Length + Math.Min(start + options.BatchSize, order.Length), (long)options.Epochs * order.Length, "images", clock.Elapsed, $"loss {value:F1}"));
            }

            losses.Add(sum / order.Length);
        }

        Losses = losses;
    }

    /// <inheritdoc/>
    public Dataset<float[]> Sample(int count, SampleOptions<float[]> sample)
    {
        using var inference = no_grad();
        using var generator = new Generator((ulong)sample.Seed);
        var images = new float[count][];
        for (var start = 0; start < count; start += Batch)
        {
            sample.Cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var size = Math.Min(Batch, count - start);
            var pixels = Decode(randn([size, LatentWidth], generator: generator)).sigmoid().cpu().data<float>().ToArray();
            for (var i = 0; i < size; i++) images[start + i] = pixels[(i * Side * Side)..((i + 1) * Side * Side)];
        }

        return Dataset<float[]>.WithOrigin(images, new Origin.Synthetic(CausalLM.HashOf(Named), sample.Generation, "decoder means", sample.Seed, -1));
    }

    /// <summary>Mean of the latent posterior of each image, [20] each.</summary>
    /// <param name="images">Images, [784] each.</param>
    public float[][] Encode(IReadOnlyList<float[]> images)
    {
        using var inference = no_grad();
        List<float[]> means = [];
        foreach (var part in images.Chunk(Batch))
        {
            using var scope = NewDisposeScope();
            means.AddRange(Posterior(Images(part)).Mean.data<float>().ToArray().Chunk(LatentWidth));
        }

        return [.. means];
    }

    /// <summary>Mean loss of images in nats: the negative evidence lower bound where β is 1, with one draw of the latent numbers for each.</summary>
    /// <param name="images">Images, [784] each.</param>
    /// <param name="seed">Decides the draws.</param>
    public double LossOn(IReadOnlyList<float[]> images, long seed)
    {
        using var inference = no_grad();
        using var generator = new Generator((ulong)seed);
        var sum = 0.0;
        foreach (var part in images.Chunk(Batch))
        {
            using var scope = NewDisposeScope();
            sum += Loss(Images(part), generator).item<float>() * part.Length;
        }

        return sum / images.Count;
    }

    /// <inheritdoc/>
    public void Save(string folder) => Safetensors.Write(Path.Combine(folder, FileName), Named);

    /// <inheritdoc/>
    public void Load(string folder)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var file = new Safetensors(Path.Combine(folder, FileName));
        foreach (var (name, shape, _) in Shapes)
        {
            var loaded = file.Read(name);
            if (!loaded.shape.SequenceEqual(shape)) throw new InputException($"{Path.Combine(folder, FileName)}: {name} has shape [{string.Join(", ", loaded.shape)}] instead of [{string.Join(", ", shape)}]: restore it, or fit again.");
            weights[name].copy_(loaded);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in weights.Values) weight.Dispose();
    }

    /// <summary>Mean over images of −ln p(x | z) + β KL(q(z | x) ‖ N(0, I)), with one z for each.</summary>
    Tensor Loss(Tensor images, Generator generator)
    {
        var (mean, logVariance) = Posterior(images);
        var latent = mean.Plus(logVariance.Times(0.5).exp() * randn(mean.shape, generator: generator));
        var reconstruction = binary_cross_entropy_with_logits(Decode(latent), images, reduction: nn.Reduction.Sum);
        var divergence = logVariance.Plus(1).Minus(mean.square()).Minus(logVariance.exp()).sum().Times(-0.5);
        return reconstruction.Plus(divergence.Times(options.Beta)).Times(1.0 / images.shape[0]);
    }

    /// <summary>q(z | x) of images [batch, 1, 28, 28]: mean and ln variance, [batch, 20] each.</summary>
    (Tensor Mean, Tensor LogVariance) Posterior(Tensor images)
    {
        var features = relu(conv2d(images, W("encoder.conv1.weight"), W("encoder.conv1.bias"), strides: [2, 2], padding: [1, 1]));     // [batch, 64, 14, 14]
        features = relu(conv2d(features, W("encoder.conv2.weight"), W("encoder.conv2.bias"), strides: [2, 2], padding: [1, 1]));       // [batch, 128, 7, 7]
        features = features.flatten(1);                                                                                                 // [batch, 6272]
        return (linear(features, W("encoder.mean.weight"), W("encoder.mean.bias")), linear(features, W("encoder.log_variance.weight"), W("encoder.log_variance.bias")));
    }

    /// <summary>Logits of the pixels, [batch, 1, 28, 28], for latent numbers [batch, 20].</summary>
    Tensor Decode(Tensor latent)
    {
        var features = linear(latent, W("decoder.input.weight"), W("decoder.input.bias")).view(-1, Deep, Corner, Corner);             // [batch, 128, 7, 7]
        features = relu(conv_transpose2d(features, W("decoder.conv2.weight"), W("decoder.conv2.bias"), strides: [2, 2], padding: [1, 1])); // [batch, 64, 14, 14]
        return conv_transpose2d(features, W("decoder.conv1.weight"), W("decoder.conv1.bias"), strides: [2, 2], padding: [1, 1]);
    }

    Tensor W(string name) => weights[name];

    IEnumerable<KeyValuePair<string, Tensor>> Named => weights.Select(w => KeyValuePair.Create(w.Key, (Tensor)w.Value));

    static Tensor Images(float[][] images) => tensor(images.SelectMany(i => i).ToArray()).view(-1, 1, Side, Side);
}
