using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ModelCollapse.Tests.Models.Checkpoints;

/// <summary>Writes PyTorch's <c>.bin</c> by hand: pickle instructions byte by byte, and the zip around them.</summary>
sealed class TorchFile
{
    readonly MemoryStream pickle = new();

    public TorchFile() => Op(0x80, 2);

    public Dictionary<string, byte[]> Storages { get; } = [];

    /// <summary>Folder inside the zip; torch takes the name of the file.</summary>
    public string Folder { get; init; } = "archive";

    public CompressionLevel Compression { get; init; } = CompressionLevel.NoCompression;

    public TorchFile Op(params ReadOnlySpan<byte> bytes)
    {
        pickle.Write(bytes);
        return this;
    }

    public TorchFile Op(char op) => Op((byte)op);

    public TorchFile Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return Op('X').Op(length).Op(bytes);
    }

    public TorchFile Integer(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Op(0x8a, 8).Op(bytes);
    }

    public TorchFile Global(string module, string name) => Op('c').Op(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));

    public TorchFile Tuple(params ReadOnlySpan<long> values)
    {
        Op('(');
        foreach (var value in values) Integer(value);
        return Op('t');
    }

    /// <summary><c>_rebuild_tensor_v2(storage, offset, shape, stride, requires_grad, hooks)</c>.</summary>
    public TorchFile Tensor(string key, string storageType, long storageCount, long offset, long[] shape, long[] stride) =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(')
            .Op('(').Text("storage").Global("torch", storageType).Text(key).Text("cpu").Integer(storageCount).Op('t').Op('Q')
            .Integer(offset).Tuple(shape).Tuple(stride).Op(0x89).Global("collections", "OrderedDict").Op(')').Op('R')
            .Op('t').Op('R');

    /// <summary>A float32 tensor with a storage of its own, as an entry of the dictionary on the stack.</summary>
    public TorchFile Entry(string name, float[] values, params long[] shape)
    {
        var key = Storages.Count.ToString();
        Storages.Add(key, [.. values.SelectMany(BitConverter.GetBytes)]);
        var strides = new long[shape.Length];
        for (var (d, stride) = (shape.Length - 1, 1L); d >= 0; stride *= shape[d], d--) strides[d] = stride;
        return Text(name).Tensor(key, "FloatStorage", values.Length, 0, shape, strides).Op('s');
    }

    public string Write(string path)
    {
        Op('.');
        using var stream = new FileStream(path, FileMode.Create);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create);
        Add($"{Folder}/data.pkl", pickle.ToArray());
        Add($"{Folder}/byteorder", "little"u8.ToArray());
        foreach (var (key, data) in Storages) Add($"{Folder}/data/{key}", data);
        Add($"{Folder}/version", "3\n"u8.ToArray());
        return path;

        void Add(string name, byte[] data)
        {
            using var entry = zip.CreateEntry(name, Compression).Open();
            entry.Write(data);
        }
    }
}
