using System.Text;

namespace ModelCollapse.Tests.Models.Checkpoints;

/// <summary>Writes a small GGUF by hand: metadata, then float32 tensors one behind the other, 32 bytes aligned.</summary>
sealed class GgufFile
{
    readonly List<(string Key, object Value)> metadata = [];
    readonly List<(string Name, ulong[] Dimensions, uint Type, ulong Offset)> tensors = [];
    readonly MemoryStream data = new();

    public uint Version { get; init; } = 3;

    public ulong? ClaimedTensors { get; init; }

    public GgufFile With(string key, object value)
    {
        metadata.Add((key, value));
        return this;
    }

    /// <param name="name">Its name.</param>
    /// <param name="values">What it holds.</param>
    /// <param name="shape">Outermost dimension first, as everywhere but in the file.</param>
    public GgufFile Tensor(string name, float[] values, params long[] shape)
    {
        Describe(name, (ulong)data.Length, shape);
        foreach (var value in values) data.Write(BitConverter.GetBytes(value));
        while (data.Length % 32 != 0) data.WriteByte(0);
        return this;
    }

    /// <summary>A description without data.</summary>
    public GgufFile Describe(string name, ulong offset, long[] shape, uint type = 0)
    {
        tensors.Add((name, [.. shape.Reverse().Select(d => (ulong)d)], type, offset));
        return this;
    }

    public string Write(string path)
    {
        using var stream = new FileStream(path, FileMode.Create);
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write(ClaimedTensors ?? (ulong)tensors.Count);
        writer.Write((ulong)metadata.Count);
        foreach (var (key, value) in metadata)
        {
            Text(key);
            switch (value)
            {
                case string s: writer.Write(8u); Text(s); break;
                case int i: writer.Write(5u); writer.Write(i); break;
                case uint u: writer.Write(4u); writer.Write(u); break;
                case float f: writer.Write(6u); writer.Write(f); break;
                default: throw new ArgumentException($"{value.GetType()} is not written.");
            }
        }

        foreach (var (name, dimensions, type, offset) in tensors)
        {
            Text(name);
            writer.Write((uint)dimensions.Length);
            foreach (var d in dimensions) writer.Write(d);
            writer.Write(type);
            writer.Write(offset);
        }

        while (stream.Position % 32 != 0) writer.Write((byte)0);
        writer.Write(data.ToArray());
        return path;

        void Text(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            writer.Write((ulong)bytes.Length);
            writer.Write(bytes);
        }
    }
}
