using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Models.Checkpoints;

/// <summary>Hugging Face's safetensors: eight bytes of header length, a JSON header, then the raw bytes of all tensors.</summary>
public sealed class Safetensors : Checkpoint
{
    const int LargestHeader = 100_000_000;

    static readonly Dictionary<string, ScalarType> Types = new()
    {
        ["F64"] = float64, ["F32"] = float32, ["F16"] = float16, ["BF16"] = bfloat16,
        ["I64"] = int64, ["I32"] = int32, ["I16"] = int16, ["I8"] = int8, ["U8"] = uint8, ["BOOL"] = @bool,
    };

    readonly CheckpointFile file;
    readonly Dictionary<string, (TensorInfo Info, long Offset)> entries = new(StringComparer.Ordinal);

    /// <summary>Opens a file and checks all that its header claims.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public Safetensors(string path)
    {
        file = new(path);
        try
        {
            ReadHeader();
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is JsonException or InvalidOperationException or FormatException or OverflowException or KeyNotFoundException or ArgumentException) throw Damaged($"its header cannot be read ({e.Message})");
            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors => [.. entries.Values.Select(e => e.Info)];

    /// <summary>The free text entries of the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private set; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override Tensor Read(string name) => file.ReadTensor(entries[name].Offset, entries[name].Info);

    /// <summary>Writes tensors in the given order; the file appears whole or not at all. The same tensors give the same bytes.</summary>
    /// <param name="path">The new file; an old one is replaced.</param>
    /// <param name="tensors">Tensors by name; made contiguous where they are not.</param>
    /// <param name="metadata">Free text entries.</param>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var all = tensors.ToList();
        var header = new JsonObject();
        if (metadata is { Count: > 0 })
            header["__metadata__"] = new JsonObject(metadata.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value)));
        var offset = 0L;
        foreach (var (name, tensor) in all)
        {
            var end = offset + tensor.NumberOfElements * tensor.ElementSize;
            header.Add(name, new JsonObject
            {
                ["dtype"] = Types.First(t => t.Value == tensor.dtype).Key,
                ["shape"] = new JsonArray([.. tensor.shape.Select(d => (JsonNode)d)]),
                ["data_offsets"] = new JsonArray(offset, end),
            });
            offset = end;
        }

        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        var padded = (text.Length + 7) / 8 * 8; // data begin at a multiple of 8
        var partial = path + ".partial";
        using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write))
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, padded);
            stream.Write(length);
            stream.Write(text);
            stream.Write(Encoding.ASCII.GetBytes(new string(' ', padded - text.Length)));
            foreach (var (_, tensor) in all)
            {
                using var scope = NewDisposeScope();
                if (tensor.NumberOfElements > 0) stream.Write(tensor.detach().contiguous().bytes);
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
    }

    /// <summary>
    /// Writes tensors in the given order as <c>model-0000i-of-0000n.safetensors</c>, and after them <c>model.safetensors.index.json</c>, which says
    /// which tensor is in which: a folder with the index is whole.
    /// </summary>
    /// <param name="folder">An existing folder, best an empty one: a <c>model.safetensors</c> in it would be read instead.</param>
    /// <param name="tensors">Tensors by name.</param>
    /// <param name="maxShardBytes">Most bytes of tensors in one file; a larger tensor has a file of its own.</param>
    /// <param name="metadata">Free text entries of every file.</param>
    public static void WriteSharded(string folder, IEnumerable<KeyValuePair<string, Tensor>> tensors, long maxShardBytes, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxShardBytes);
        var (shards, last, total) = (new List<List<KeyValuePair<string, Tensor>>>(), 0L, 0L);
        foreach (var named in tensors)
        {
            var bytes = named.Value.NumberOfElements * named.Value.ElementSize;
            if (shards.Count == 0 || last + bytes > maxShardBytes) (shards, last) = ([.. shards, []], 0);
            shards[^1].Add(named);
            (last, total) = (last + bytes, total + bytes);
        }

        var map = new JsonObject();
        foreach (var (i, shard) in shards.Index())
        {
            var file = $"model-{i + 1:D5}-of-{shards.Count:D5}.safetensors";
            Write(Path.Combine(folder, file), shard, metadata);
            foreach (var (name, _) in shard) map.Add(name, file);
        }

        var index = Path.Combine(folder, "model.safetensors.index.json");
        var json = new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = total }, ["weight_map"] = map };
        File.WriteAllText(index + ".partial", json.ToJsonString(new() { WriteIndented = true }) + "\n");
        File.Move(index + ".partial", index, overwrite: true);
    }

    void ReadHeader()
    {
        var length = BinaryPrimitives.ReadInt64LittleEndian(file.Read(0, 8, "the length of the header"));
        if (length is < 2 or > LargestHeader) throw Damaged($"its header claims {length} bytes");
        using var json = JsonDocument.Parse(file.Read(8, length, "the header"));
        var covered = new List<(long Begin, long End, string Name)>();
        foreach (var entry in json.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
            {
                Metadata = entry.Value.Deserialize<Dictionary<string, string>>() ?? Metadata;
                continue;
            }

            var type = entry.Value.GetProperty("dtype").GetString()!;
            if (!Types.TryGetValue(type, out var dtype)) throw Damaged($"{entry.Name} has type {type}, which is not read");
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())];
            long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(d => d.GetInt64())];
            var info = new TensorInfo(entry.Name, dtype, shape);
            if (!TensorInfo.IsPossible(shape) || offsets is not [var begin, var end] || begin < 0 || end < begin || end - begin != checked(info.Count * Size(dtype)))
                throw Damaged($"{entry.Name} has a shape and a place that do not fit each other");
            file.RequireInside(checked(8 + length + begin), end - begin, entry.Name);
            if (!entries.TryAdd(entry.Name, (info, 8 + length + begin))) throw Damaged($"{entry.Name} is there twice");
            covered.Add((begin, end, entry.Name));
        }

        // The format allows no holes and no overlaps: either would let two readers see different data.
        var expected = 0L;
        foreach (var (begin, end, name) in covered.OrderBy(c => c.Begin).ThenBy(c => c.End))
        {
            if (begin != expected) throw Damaged($"{name} does not begin where the tensor before it ends");
            expected = end;
        }

        if (8 + length + expected != file.Length) throw Damaged($"it has {file.Length} bytes but its header describes {8 + length + expected}");
    }

    static int Size(ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        _ => 1,
    };

    InputException Damaged(string why) => new($"{file.Path} is damaged: {why}; download it again.");

    /// <inheritdoc/>
    public override void Dispose()
    {
        file.Dispose();
        base.Dispose();
    }
}
