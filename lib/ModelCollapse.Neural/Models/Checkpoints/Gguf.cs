using System.Buffers.Binary;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Models.Checkpoints;

/// <summary>
/// GGUF, the container of llama.cpp: metadata (with the tokenizer) and tensors, many of them quantised in blocks. Names, row
/// order and metadata are those of the file; <see cref="GgufLlama"/> shows it as a Hugging Face checkpoint.
/// </summary>
public sealed class Gguf : Checkpoint
{
    const uint Magic = 0x46554747; // "GGUF"
    const int MostDimensions = 4;

    readonly CheckpointFile file;
    readonly Dictionary<string, (TensorInfo Info, GgufType Type, long Offset)> entries = new(StringComparer.Ordinal);
    readonly Dictionary<string, object> metadata = new(StringComparer.Ordinal);

    /// <summary>Opens a file and checks all that its header claims.</summary>
    /// <exception cref="InputException">The file is damaged, or of a version or type that is not read.</exception>
    public Gguf(string path)
    {
        file = new(path);
        try
        {
            ReadHeader();
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is OverflowException or DecoderFallbackException) throw Damaged($"its header cannot be read ({e.Message})");
            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors => [.. entries.Values.Select(e => e.Info)];

    /// <summary>Every metadata key with its value: a number, a bool, a string, or an array of one of these.</summary>
    public IReadOnlyDictionary<string, object> Metadata => metadata;

    /// <summary>The file that is read.</summary>
    public string Path => file.Path;

    /// <summary>A metadata value of a given type; integers and floats of any width convert.</summary>
    /// <exception cref="InputException">It is missing or of another type.</exception>
    public T Get<T>(string key) => TryGet<T>(key, out var value) ? value
        : throw new InputException($"{file.Path} has no usable \"{key}\" in its metadata: it is not a whole model of this kind.");

    /// <summary>A metadata value of a given type, if it is there and converts.</summary>
    public bool TryGet<T>(string key, out T value)
    {
        value = default!;
        if (!metadata.TryGetValue(key, out var found)) return false;
        try
        {
            value = found is T same ? same : (T)Convert.ChangeType(found, typeof(T), System.Globalization.CultureInfo.InvariantCulture);
            return true;
        }
        catch (Exception e) when (e is InvalidCastException or OverflowException or FormatException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override Tensor Read(string name)
    {
        var (info, type, offset) = entries[name];
        if (!type.IsQuantised) return file.ReadTensor(offset, info);
        var blocks = file.Read(offset, type.Bytes(info.Count), name);
        var tensor = empty(info.Shape, dtype: float32);
        type.Dequantise(blocks, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.bytes));
        return tensor;
    }

    void ReadHeader()
    {
        var at = 0L;
        if (U32() != Magic) throw Damaged("it does not begin as a GGUF file does");
        var version = U32();
        if (version is not (2 or 3)) throw new InputException($"{file.Path} is GGUF version {version}, but versions 2 and 3 are read: convert it with a newer llama.cpp.");
        var (tensorCount, valueCount) = (Count("tensors", 24), Count("metadata values", 13));
        for (var i = 0L; i < valueCount; i++)
        {
            var key = Text();
            if (!metadata.TryAdd(key, Value(U32()))) throw Damaged($"the metadata key {key} is there twice");
        }

        var pending = new List<(TensorInfo Info, GgufType Type, long Offset)>();
        for (var i = 0L; i < tensorCount; i++)
        {
            var name = Text();
            var dimensions = U32();
            if (dimensions > MostDimensions) throw Damaged($"{name} has {dimensions} dimensions");
            var shape = new long[dimensions]; // innermost first in the file
            for (var d = shape.Length - 1; d >= 0; d--) shape[d] = I64();
            if (!TensorInfo.IsPossible(shape)) throw Damaged($"{name} has an impossible shape");
            var id = U32();
            if (GgufType.Find(id) is not { } type) throw new InputException($"{file.Path} holds {name} in GGUF type {id}, which is not read: use a file in F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1 or a K type.");
            var info = new TensorInfo(name, type.DType, shape);
            if (info.Count % type.BlockSize != 0 || shape.Length > 0 && shape[^1] % type.BlockSize != 0) throw Damaged($"the rows of {name} are not whole blocks");
            pending.Add((info, type, I64()));
        }

        var alignment = TryGet<long>("general.alignment", out var given) ? given : 32;
        if (alignment is < 1 or > 1 << 20) throw Damaged($"its alignment is {alignment}");
        var data = checked((at + alignment - 1) / alignment * alignment);
        foreach (var (info, type, offset) in pending)
        {
            if (offset < 0) throw Damaged($"{info.Name} has a negative place");
            file.RequireInside(checked(data + offset), type.Bytes(info.Count), info.Name);
            if (!entries.TryAdd(info.Name, (info, type, data + offset))) throw Damaged($"{info.Name} is there twice");
        }

        var end = 0L;
        foreach (var (info, type, offset) in pending.OrderBy(p => p.Offset).ThenBy(p => p.Type.Bytes(p.Info.Count)))
        {
            if (offset < end) throw Damaged($"{info.Name} begins before the tensor before it ends");
            end = offset + type.Bytes(info.Count);
        }

        ReadOnlySpan<byte> Take(long count)
        {
            var bytes = file.Read(at, count, "the header");
            at += count;
            return bytes;
        }

        uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
        long I64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));
        string Text() => Encoding.UTF8.GetString(Take(I64()));

        // A count is only believed if that many of the smallest items would fit into the file.
        long Count(string what, int smallest)
        {
            var count = I64();
            return count >= 0 && count <= file.Length / smallest ? count : throw Damaged($"it claims {count} {what}");
        }

        object Value(uint type) => type switch
        {
            0 => Take(1)[0],
            1 => (sbyte)Take(1)[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(Take(2)),
            3 => BinaryPrimitives.ReadInt16LittleEndian(Take(2)),
            4 => U32(),
            5 => (int)U32(),
            6 => BinaryPrimitives.ReadSingleLittleEndian(Take(4)),
            7 => Take(1)[0] != 0,
            8 => Text(),
            9 => Values(U32()),
            10 => (ulong)I64(),
            11 => I64(),
            12 => BinaryPrimitives.ReadDoubleLittleEndian(Take(8)),
            _ => throw Damaged($"a metadata value has type {type}"),
        };

        object Values(uint type)
        {
            if (type == 9) throw Damaged("a metadata array holds arrays");
            var count = Count("array elements", type switch { 8 or 10 or 11 or 12 => 8, 4 or 5 or 6 => 4, 2 or 3 => 2, _ => 1 });
            object[] values = new object[count];
            for (var i = 0L; i < count; i++) values[i] = Value(type);
            return type == 8 ? values.Cast<string>().ToArray() : values;
        }
    }

    InputException Damaged(string why) => new($"{file.Path} is damaged: {why}; download it again.");

    /// <inheritdoc/>
    public override void Dispose()
    {
        file.Dispose();
        base.Dispose();
    }
}
