using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelCollapse.Models.Checkpoints;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Models;

/// <summary>
/// A decoder-only language model that predicts each token from those before it. The trainer, the samplers, the loop and
/// the metrics work with this type and never ask which architecture is behind it.
/// </summary>
/// <remarks>
/// Parameters are leaf tensors under their Hugging Face names, so that checkpoints map one to one. A tied head is the
/// embedding itself and appears once.
/// </remarks>
/// <param name="parameters">All weights by Hugging Face name; the model takes them over.</param>
public abstract class CausalLM(Dictionary<string, Tensor> parameters) : IDisposable
{
    const string WeightsFile = "model.safetensors";
    Random dropout = new(0);

    /// <summary>See <see cref="TakeUnrounded"/>.</summary>
    Dictionary<string, Tensor> unrounded = [];

    /// <summary>Shape and hyper-parameters.</summary>
    public abstract CausalLMConfig Config { get; }

    /// <summary>All weights by Hugging Face name, in a fixed order; each is a leaf that requires a gradient, in <see cref="DType"/>.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters => parameters;

    /// <summary>The matrix of the head [vocab, <see cref="CausalLMConfig.HeadWidth"/>]: the embedding where the head is tied.</summary>
    public abstract Tensor HeadWeight { get; }

    /// <summary>Type of the weights and activations: float32 or bfloat16.</summary>
    public ScalarType DType => HeadWeight.dtype;

    /// <summary>
    /// The float32 weight that one of a bfloat16 model was rounded from, for the caller to keep; null where there is none, or none any more:
    /// because it was taken, or because the weight has changed since. Master weights start from it. From rounded weights, all of one
    /// size would wait for their masters to cross half a rounding step and then jump together, by more than the optimiser meant.
    /// </summary>
    internal Tensor? TakeUnrounded(string name)
    {
        if (!unrounded.Remove(name, out var original)) return null;
        using var scope = NewDisposeScope();
        if (original.to(DType).eq(Parameters[name]).all().item<bool>()) return original;
        original.Dispose();
        return null;
    }

    /// <summary>Takes over what another model on the same memory was rounded from.</summary>
    private protected void ShareUnrounded(CausalLM other) => unrounded = other.unrounded;

    /// <summary>Whether dropout is active. False after construction.</summary>
    public bool IsTraining { get; private set; }

    /// <summary>Switches dropout on or off until the result is disposed, which brings back what was before.</summary>
    public TrainingMode SetTraining(bool training)
    {
        var before = new TrainingMode(this, IsTraining);
        IsTraining = training;
        return before;
    }

    /// <summary>Brings back whether dropout was active.</summary>
    public readonly struct TrainingMode(CausalLM model, bool before) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => model.IsTraining = before;
    }

    /// <summary>Starts the random stream of dropout.</summary>
    public void SeedDropout(long seed) => dropout = Seeds.NewRandom(seed);

    /// <summary>Makes a model with random weights: normal with standard deviation 0.02, biases 0, norms 1, as Hugging Face starts both architectures.</summary>
    /// <param name="config">The shape.</param>
    /// <param name="dtype">float32 or bfloat16.</param>
    /// <param name="seed">Decides the weights.</param>
    public static CausalLM Create(CausalLMConfig config, ScalarType dtype, long seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var (parameters, unrounded) = (new Dictionary<string, Tensor>(), new Dictionary<string, Tensor>());
        foreach (var (name, shape, start) in config.Shapes())
        {
            var weight = start switch
            {
                Initialisation.One => ones(shape),
                Initialisation.Zero => zeros(shape),
                _ => randn(shape, generator: generator).Scale(0.02),
            };
            if (start == Initialisation.Embedding && config.PadId is { } pad) weight[pad].zero_();
            Add(name, weight, dtype, parameters, unrounded);
        }

        return Build(config, parameters, unrounded);
    }

    /// <summary>Loads a folder with <c>config.json</c> and weights (safetensors or PyTorch's, sharded or not), or a GGUF file.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="dtype">float32 or bfloat16: what the weights are converted to.</param>
    /// <exception cref="InputException">Something is missing, extra, misshapen or damaged; the message names it.</exception>
    public static CausalLM Load(string path, ScalarType dtype)
    {
        using var checkpoint = Checkpoint.Open(path);
        var config = CausalLMConfig.Of(checkpoint, path);
        var stored = new Dictionary<string, TensorInfo>(StringComparer.Ordinal);
        foreach (var tensor in checkpoint.Tensors)
            if (!stored.TryAdd(LegacyNames.Normalize(tensor.Name), tensor))
                throw new InputException($"{path} has {LegacyNames.Normalize(tensor.Name)} twice, under its old and its new name: use another checkpoint.");
        var (parameters, unrounded) = (new Dictionary<string, Tensor>(), new Dictionary<string, Tensor>());
        try
        {
            foreach (var (name, shape, _) in config.Shapes())
            {
                if (!stored.Remove(name, out var info))
                    throw new InputException($"{path} lacks the tensor {name}, which its configuration asks for: the checkpoint is incomplete, or its config.json belongs to another model.");
                if (!info.Shape.SequenceEqual(shape))
                    throw new InputException($"{path} has {name} of shape [{string.Join(", ", info.Shape)}] where its configuration asks for [{string.Join(", ", shape)}]: its config.json belongs to another model.");
                if (info.DType is not (ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
                    throw new InputException($"{path} has {name} in {info.DType}, which is no type of weights: use a checkpoint in float32, float16 or bfloat16.");
                using var scope = NewDisposeScope();
                Add(name, checkpoint.Read(info.Name), dtype, parameters, unrounded);
            }

            // A tied head may be stored once more; it must then be the embedding.
            if (config.TiedHead && stored.Remove("lm_head.weight", out var head)) RequireTied(checkpoint, head, config, path);
            if (stored.Count > 0)
                throw new InputException($"{path} has a tensor {stored.Keys.Order(StringComparer.Ordinal).First()} that its configuration does not ask for: its config.json belongs to another model.");
            return Build(config, parameters, unrounded);
        }
        catch
        {
            foreach (var weight in parameters.Values.Concat(unrounded.Values)) weight.Dispose();
            throw;
        }
    }

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c>, in the model's type, into an existing folder. The same weights give the same bytes.</summary>
    public void Save(string folder)
    {
        var json = Config.ToJson();
        json["bos_token_id"] = Config.BosId;
        json["eos_token_id"] = Config.EosIds switch { [] => null, [var one] => one, var several => new JsonArray([.. several.Select(id => (JsonNode)id)]) };
        json["pad_token_id"] = Config.PadId;
        json["dtype"] = DType == bfloat16 ? "bfloat16" : "float32";
        File.WriteAllText(Path.Combine(folder, CausalLMConfig.FileName), json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        Safetensors.Write(Path.Combine(folder, WeightsFile), parameters, new Dictionary<string, string> { ["format"] = "pt" });
    }

    /// <summary>A model of its own with the same weights.</summary>
    public CausalLM Clone()
    {
        using var scope = NewDisposeScope();
        return Config.Build(parameters.ToDictionary(p => p.Key, p => AsParameter(p.Value.detach().clone(), DType)));
    }

    /// <summary>A model on the same memory with gradients and a dropout stream of its own: what one of several threads works with.</summary>
    internal CausalLM Replica()
    {
        using var scope = NewDisposeScope();
        return Config.Build(parameters.ToDictionary(p => p.Key, p => p.Value.detach().requires_grad_(true).DetachFromDisposeScope()));
    }

    /// <summary>A seed from the random stream of dropout.</summary>
    internal long NextDropoutSeed() => dropout.NextInt64();

    /// <summary>SHA-256 of names, shapes, type and bytes of all weights, in lower-case hexadecimal.</summary>
    public string WeightsHash() => HashOf(parameters);

    /// <summary>As <see cref="WeightsHash"/>, of any weights by name.</summary>
    internal static string HashOf(IEnumerable<KeyValuePair<string, Tensor>> parameters)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, weight) in parameters)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}[{string.Join(',', weight.shape)}]{weight.dtype}\n"));
            hash.AppendData(weight.bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Runs the decoder up to the input of the head.</summary>
    /// <param name="ids">Token ids, int64 [batch, time].</param>
    /// <param name="attentionMask">int64 or bool [batch, time], 1 at real tokens; null if all are.</param>
    /// <param name="positions">int64 [batch, time]; null for the architecture's own rule.</param>
    /// <param name="hiddenStates">If given, receives the L + 1 hidden states as Hugging Face returns them; the caller disposes them.</param>
    /// <returns>[batch, time, <see cref="CausalLMConfig.HeadWidth"/>], in <see cref="DType"/>.</returns>
    public abstract Tensor Decode(Tensor ids, Tensor? attentionMask = null, Tensor? positions = null, IList<Tensor>? hiddenStates = null);

    /// <summary>Logits [batch, time, vocab]. Holds all of them at once: meant for small inputs; training and evaluation use the chunked head.</summary>
    public Tensor Logits(Tensor ids, Tensor? attentionMask = null, Tensor? positions = null)
    {
        using var hidden = Decode(ids, attentionMask, positions);
        return nn.functional.linear(hidden, HeadWeight);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the weights.</summary>
    /// <param name="disposing">Always true: weights have their own finalizers.</param>
    protected virtual void Dispose(bool disposing)
    {
        foreach (var weight in parameters.Values.Concat(unrounded.Values)) weight.Dispose();
    }

    /// <summary>
    /// softmax(q·kᵀ / √head_dim + mask)·v, by hand: on a CPU in bfloat16 this is several times faster than the fused operator.
    /// Query heads that share a key head are stacked along time, so that keys and values are not copied.
    /// </summary>
    /// <param name="q">[batch, heads, time, head_dim].</param>
    /// <param name="k">[batch, kv_heads, time, head_dim].</param>
    /// <param name="v">[batch, kv_heads, time, head_dim].</param>
    /// <param name="mask">[batch or 1, 1, time, time].</param>
    /// <returns>[batch, heads, time, head_dim].</returns>
    protected internal static Tensor Attention(Tensor q, Tensor k, Tensor v, Tensor mask)
    {
        var (batch, heads, time, dim) = (q.shape[0], q.shape[1], q.shape[2], q.shape[3]);
        var (pairs, group) = (batch * k.shape[1], heads / k.shape[1]);
        var stacked = q.reshape(pairs, group * time, dim);
        var bias = mask.expand(batch, heads, time, time).reshape(pairs, group * time, time);
        // In TorchSharp the receiver is the first factor and the addend comes last.
        var scores = stacked.baddbmm(k.reshape(pairs, time, dim).transpose(1, 2), bias, beta: 1, alpha: 1 / MathF.Sqrt(dim));
        var weights = scores.softmax(-1);                                                            // [pairs, group · time, time]
        return weights.bmm(v.reshape(pairs, time, dim)).view(batch, heads, time, dim);
    }

    /// <summary>Zeroes each element with probability <paramref name="p"/> and scales the others by 1 / (1 − p), in training only.</summary>
    protected Tensor Dropout(Tensor x, double p)
    {
        if (!IsTraining || p == 0) return x;
        using var generator = new Generator((ulong)dropout.NextInt64());
        using Scalar kept = 1 - p;
        return x * empty_like(x).bernoulli_(1 - p, generator).div_(kept);
    }

    /// <summary>Rows of <paramref name="table"/> [rows, width] at <paramref name="ids"/> [batch, time]; a lookup of <paramref name="padding"/> sends no gradient back.</summary>
    protected static Tensor Embedding(Tensor ids, Tensor table, int? padding = null)
    {
        var rows = table.index_select(0, ids.flatten()).view([.. ids.shape, table.shape[1]]);         // [batch, time, width]
        if (padding is not { } pad || !table.requires_grad || !is_grad_enabled()) return rows;
        using Scalar id = pad;
        var isPadding = ids.eq(id).unsqueeze(-1);
        return isPadding.any().item<bool>() ? where(isPadding, rows.detach(), rows) : rows;
    }

    /// <summary>Adds a state to the hidden states that were asked for.</summary>
    /// <param name="state">[batch, time, width].</param>
    /// <param name="hiddenStates">Where to; null for nowhere.</param>
    protected static void Keep(Tensor state, IList<Tensor>? hiddenStates) =>
        hiddenStates?.Add(state.alias().DetachFromDisposeScope());

    static CausalLM Build(CausalLMConfig config, Dictionary<string, Tensor> parameters, Dictionary<string, Tensor> unrounded)
    {
        var model = config.Build(parameters);
        model.unrounded = unrounded;
        return model;
    }

    static void Add(string name, Tensor weight, ScalarType dtype, Dictionary<string, Tensor> parameters, Dictionary<string, Tensor> unrounded)
    {
        parameters.Add(name, AsParameter(weight, dtype));
        if (dtype == bfloat16 && weight.dtype != bfloat16) unrounded.Add(name, weight.to(float32).contiguous().clone().DetachFromDisposeScope());
    }

    static Tensor AsParameter(Tensor weight, ScalarType dtype) =>
        weight.to(dtype).contiguous().clone().requires_grad_(true).DetachFromDisposeScope();

    static void RequireTied(Checkpoint checkpoint, TensorInfo head, CausalLMConfig config, string path)
    {
        using var scope = NewDisposeScope();
        var embedding = checkpoint.Tensors.First(t => LegacyNames.Normalize(t.Name) == config.Shapes().First().Name);
        if (!head.Shape.SequenceEqual(embedding.Shape) || !checkpoint.Read(head.Name).eq(checkpoint.Read(embedding.Name)).all().item<bool>())
            throw new InputException($"{path} ties its head to the embedding (tie_word_embeddings) but stores another {head.Name}: set tie_word_embeddings to false in its config.json, or use another checkpoint.");
    }
}
