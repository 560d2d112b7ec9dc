using System.IO.Compression;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Models.Checkpoints;

/// <summary>
/// PyTorch's <c>.bin</c>: a zip of a pickle, which says what the tensors are, and of raw storages. The pickle is read by
/// <see cref="TensorPickle"/>, which knows only what a tensor checkpoint needs; nothing in it is ever executed.
/// </summary>
public sealed class PyTorchBin : Checkpoint
{
    const long LargestPickle = 256 << 20, LargestByteOrder = 64;

    const long SmallestBomb = 64 << 20, LargestRatio = 8;

    /// <summary>Elements that a tensor may have beyond those of its storage: biases are stored as one element with stride 0 sometimes.</summary>
    const long MostRepeated = 1 << 24;

    readonly string path;
    readonly ZipArchive zip;
    readonly string prefix;
    readonly Dictionary<string, PickledTensor> tensors = new(StringComparer.Ordinal);

    /// <summary>Opens a file and reads its pickle.</summary>
    /// <exception cref="InputException">The file is damaged, not a tensor checkpoint, or asks for anything else to be loaded.</exception>
    public PyTorchBin(string path)
    {
        this.path = path;
        try
        {
            zip = ZipFile.OpenRead(path);
        }
        catch (Exception e) when (IsOfZip(e))
        {
            throw Damaged("it is not a whole zip file (checkpoints from before PyTorch 1.6 are not zip files: save it again with a newer PyTorch)", e);
        }

        try
        {
            var pickle = zip.Entries.FirstOrDefault(e => e.FullName.EndsWith("/data.pkl", StringComparison.Ordinal) && e.FullName.Count(c => c == '/') == 1)
                ?? throw Damaged("it has no data.pkl");
            prefix = pickle.FullName[..^"data.pkl".Length];
            if (zip.GetEntry(prefix + "byteorder") is { } order && Encoding.UTF8.GetString(Bytes(order, LargestByteOrder)).Trim() is not "little" and var ending)
                throw new InputException($"{path} stores numbers in {ending}-endian order, which is not read: save it again on a usual machine.");
            foreach (var (name, tensor) in new TensorPickle(Bytes(pickle, LargestPickle), path).Read())
            {
                Check(name, tensor);
                if (!tensors.TryAdd(name, tensor)) throw Damaged($"{name} is there twice");
            }
        }
        catch (Exception e)
        {
            zip.Dispose();
            if (IsOfZip(e) || e is OverflowException) throw Damaged($"its directory or a shape makes no sense ({e.Message.TrimEnd('.')})", e);
            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors => [.. tensors.Select(t => new TensorInfo(t.Key, t.Value.Storage.DType, t.Value.Shape))];

    /// <summary>Stride of each dimension and offset into its storage, in elements, as a tensor is stored.</summary>
    public (long[] Strides, long Offset) Layout(string name) => (tensors[name].Strides, tensors[name].Offset);

    /// <inheritdoc/>
    public override Tensor Read(string name)
    {
        var tensor = tensors[name];
        using var scope = NewDisposeScope();
        var bytes = Bytes(Entry(tensor.Storage), long.MaxValue);
        var storage = empty([tensor.Storage.Count], dtype: tensor.Storage.DType);
        bytes.AsSpan(0, (int)(tensor.Storage.Count * storage.ElementSize)).CopyTo(storage.bytes);
        return storage.as_strided(tensor.Shape, tensor.Strides, tensor.Offset).contiguous().clone().MoveToOuterDisposeScope();
    }

    /// <summary>A tensor must lie inside its storage, and the storage inside the file.</summary>
    void Check(string name, PickledTensor tensor)
    {
        var (shape, strides, offset, storage) = tensor;
        if (shape.Length != strides.Length || offset < 0 || !TensorInfo.IsPossible(shape) || strides.Any(s => s < 0)) throw Damaged($"{name} has an impossible shape");
        var last = offset;
        for (var d = 0; d < shape.Length; d++) last = checked(last + Math.Max(0, shape[d] - 1) * strides[d]);
        if (shape.All(d => d > 0) && last >= storage.Count) throw Damaged($"{name} reaches beyond its storage");
        var size = storage.DType switch { ScalarType.Float64 or ScalarType.Int64 => 8, ScalarType.Float32 or ScalarType.Int32 => 4, ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2, _ => 1 };
        if (Entry(storage).Length < checked(storage.Count * size)) throw Damaged($"the storage of {name} has {Entry(storage).Length} bytes instead of {storage.Count * size}");
        if (shape.Aggregate(1L, (a, b) => checked(a * b)) > Math.Max(storage.Count, MostRepeated)) throw Damaged($"{name} repeats its storage beyond reason");
    }

    ZipArchiveEntry Entry(PickledStorage storage) =>
        zip.GetEntry($"{prefix}data/{storage.Key}") ?? throw Damaged($"the storage {storage.Key} is missing");

    byte[] Bytes(ZipArchiveEntry entry, long most)
    {
        if (entry.Length > most) throw Damaged($"{entry.FullName} claims {entry.Length} bytes");
        // torch does not compress, other tools may, but weights hardly shrink: much more than the whole file is a bomb or a lie.
        if (entry.Length > Math.Max(SmallestBomb, LargestRatio * new FileInfo(path).Length)) throw Damaged($"{entry.FullName} claims {entry.Length} bytes, more than it can hold");
        if (entry.Length > Array.MaxLength) throw new InputException($"{path} holds {entry.FullName} of {entry.Length} bytes, which is too large for this container: convert the model to safetensors.");
        try
        {
            using var stream = entry.Open();
            var bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (IsOfZip(e))
        {
            throw Damaged($"{entry.FullName} cannot be read ({e.Message.TrimEnd('.')})", e);
        }
    }

    /// <summary>What .NET's zip reader throws at bytes that are no zip, or not a whole one.</summary>
    static bool IsOfZip(Exception e) => e is InvalidDataException or IOException or NotSupportedException or ArgumentException;

    InputException Damaged(string why, Exception? inner = null) => new($"{path} is damaged: {why}; download it again.", inner);

    /// <inheritdoc/>
    public override void Dispose()
    {
        zip.Dispose();
        base.Dispose();
    }
}

/// <summary>A tensor as a pickle describes it: a strided view of a storage, in elements.</summary>
sealed record PickledTensor(long[] Shape, long[] Strides, long Offset, PickledStorage Storage);

/// <summary>A piece of memory in the zip.</summary>
sealed record PickledStorage(string Key, ScalarType DType, long Count);
