using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Models.Checkpoints;

/// <summary>Positioned reads of a file whose claims are checked against its real size before anything is allocated.</summary>
sealed class CheckpointFile : IDisposable
{
    readonly FileStream stream;

    public CheckpointFile(string path)
    {
        Path = path;
        stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }

    public string Path { get; }

    public long Length => stream.Length;

    /// <summary>Bytes [offset, offset + count).</summary>
    /// <exception cref="InputException">The file ends before.</exception>
    public byte[] Read(long offset, long count, string what)
    {
        RequireInside(offset, count, what);
        var bytes = new byte[count];
        Fill(offset, bytes);
        return bytes;
    }

    /// <summary>A new tensor filled with the bytes at <paramref name="offset"/>.</summary>
    public Tensor ReadTensor(long offset, TensorInfo info)
    {
        var tensor = empty(info.Shape, dtype: info.DType);
        if (info.Count > 0) Fill(offset, tensor.bytes);
        return tensor;
    }

    public void RequireInside(long offset, long count, string what)
    {
        if (offset < 0 || count < 0 || offset > Length || count > Length - offset)
            throw new InputException($"{Path} is damaged: {what} would need {count} bytes at {offset}, but the file has {Length}; download it again.");
    }

    void Fill(long offset, Span<byte> target)
    {
        stream.Position = offset;
        stream.ReadExactly(target);
    }

    public void Dispose() => stream.Dispose();
}
