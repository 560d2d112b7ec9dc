using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Models.Checkpoints;

/// <summary>Named tensors on disk, in any of the containers that language models are published in.</summary>
public abstract class Checkpoint : IDisposable
{
    /// <summary>All tensors: names as stored, except that a GGUF shows Hugging Face's names.</summary>
    public abstract IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>The model's configuration, where the container itself holds it (GGUF); null otherwise.</summary>
    public virtual CausalLMConfig? Config => null;

    /// <summary>Reads one tensor, contiguous, in its stored type; quantised types come as float32.</summary>
    /// <param name="name">A name of <see cref="Tensors"/>.</param>
    /// <exception cref="InputException">The data are damaged.</exception>
    public abstract Tensor Read(string name);

    /// <summary>Opens a file by its kind, or the checkpoint of a folder: safetensors before PyTorch's, sharded or not, or a single GGUF.</summary>
    /// <param name="path"><c>.safetensors</c>, <c>.bin</c>, <c>.gguf</c>, an <c>.index.json</c>, or a folder.</param>
    /// <exception cref="InputException">There is nothing to open, or it is damaged.</exception>
    public static Checkpoint Open(string path)
    {
        if (Directory.Exists(path)) return Open(FindIn(path));
        if (!File.Exists(path)) throw new InputException($"There is no checkpoint {path}: check the path, or fetch the model first (collapse fetch --help).");
        if (path.EndsWith(".index.json", StringComparison.Ordinal)) return new ShardedCheckpoint(path);
        return Path.GetExtension(path) switch
        {
            ".safetensors" => new Safetensors(path),
            ".bin" or ".pt" or ".pth" => new PyTorchBin(path),
            ".gguf" => new GgufLlama(path),
            _ => throw new InputException($"{path} is not a checkpoint of a known kind: give a .safetensors, .bin or .gguf file, or a folder with one."),
        };
    }

    static string FindIn(string folder)
    {
        string[] usual = ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"];
        if (usual.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } found) return found;
        return Directory.GetFiles(folder, "*.gguf") is [var only] ? only
            : throw new InputException($"{folder} holds no checkpoint: it needs {string.Join(", ", usual)} or exactly one .gguf file.");
    }

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>What a checkpoint says of a tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">Its type as read.</param>
/// <param name="Shape">Its shape, outermost dimension first.</param>
public sealed record TensorInfo(string Name, ScalarType DType, long[] Shape)
{
    const int MostDimensions = 8;

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => checked(a * b));

    /// <summary>Whether libtorch can make a tensor of a shape: it multiplies the other dimensions out even where one is 0.</summary>
    internal static bool IsPossible(long[] shape) =>
        shape.Length <= MostDimensions && shape.All(d => d >= 0) && shape.Aggregate((Int128)1, (a, d) => Int128.Min(a * Math.Max(d, 1), long.MaxValue)) <= long.MaxValue / 8;
}

/// <summary>Several files and an index that says which tensor is in which.</summary>
sealed class ShardedCheckpoint : Checkpoint
{
    readonly Dictionary<string, Checkpoint> shards = [];
    readonly Dictionary<string, Checkpoint> shardOf = [];

    public ShardedCheckpoint(string index)
    {
        try
        {
            foreach (var (name, file) in WeightMap(index))
            {
                if (string.IsNullOrEmpty(file) || Path.GetFileName(file) != file) throw new InputException($"{index} points to {file}, outside its own folder: download the checkpoint again.");
                if (!shards.TryGetValue(file, out var shard))
                {
                    var path = Path.Combine(Path.GetDirectoryName(index)!, file);
                    if (file.EndsWith(".index.json", StringComparison.Ordinal)) throw new InputException($"{index} points to another index, {file}, instead of a shard: download the checkpoint again.");
                    if (!File.Exists(path)) throw new InputException($"{index} asks for {file}, which is not there: download the missing file into the same folder.");
                    shards.Add(file, shard = Open(path));
                }

                if (shard.Tensors.All(t => t.Name != name)) throw new InputException($"{index} says that {name} is in {file}, but it is not: download both files again.");
                shardOf.Add(name, shard);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        Tensors = [.. shards.Values.SelectMany(s => s.Tensors.Where(t => shardOf.GetValueOrDefault(t.Name) == s))];
    }

    public override IReadOnlyList<TensorInfo> Tensors { get; }

    public override Tensor Read(string name) => shardOf[name].Read(name);

    static Dictionary<string, string> WeightMap(string index)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(index));
            return json.RootElement.GetProperty("weight_map").Deserialize<Dictionary<string, string>>() ?? throw new JsonException("its weight_map is null");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InputException($"{index} is not the index of a sharded checkpoint ({e.Message}): download it again.", e);
        }
    }

    public override void Dispose()
    {
        foreach (var shard in shards.Values) shard.Dispose();
        base.Dispose();
    }
}
