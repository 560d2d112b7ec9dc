using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using ModelCollapse.Provenance;

namespace ModelCollapse.Data;

/// <summary>The two parts of MNIST.</summary>
public enum MnistSplit
{
    /// <summary>60,000 images.</summary>
    Train,

    /// <summary>10,000 images.</summary>
    Test,
}

/// <summary>MNIST (LeCun, Cortes and Burges): 28 × 28 grey images of handwritten digits, read from the four published IDX files.</summary>
/// <param name="folder">The data folder, with the files in <c>mnist/</c>.</param>
public sealed class Mnist(DataFolder folder)
{
    /// <summary>Pixels along each side.</summary>
    public const int Side = 28;

    const int ImagesMagic = 0x803, LabelsMagic = 0x801;

    /// <summary>The images, each [784] by row, 0 for paper to 1 for ink.</summary>
    /// <param name="split">Which part.</param>
    /// <param name="count">How many, from the first; null for all.</param>
    /// <exception cref="InputException">The file is missing or is not the published one.</exception>
    public Dataset<float[]> Images(MnistSplit split, int? count = null)
    {
        var bytes = Read(split, images: true);
        var all = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4));
        const int Header = 16, Size = Side * Side;
        return Dataset<float[]>.Human(
            Enumerable.Range(0, Math.Min(count ?? all, all)).Select(i => Array.ConvertAll(bytes[(Header + i * Size)..(Header + (i + 1) * Size)], pixel => pixel / 255f)),
            $"mnist/{split.ToString().ToLowerInvariant()}");
    }

    /// <summary>The digit of each image, 0 to 9.</summary>
    /// <param name="split">Which part.</param>
    /// <exception cref="InputException">The file is missing or is not the published one.</exception>
    public int[] Labels(MnistSplit split) => Array.ConvertAll(Read(split, images: false)[8..], label => (int)label);

    /// <summary>Name of a published file.</summary>
    public static string FileName(MnistSplit split, bool images) => $"{(split == MnistSplit.Train ? "train" : "t10k")}-{(images ? "images-idx3" : "labels-idx1")}-ubyte.gz";

    /// <summary>SHA-256 of what a published file holds.</summary>
    public static string Sha256(MnistSplit split, bool images) => (split, images) switch
    {
        (MnistSplit.Train, true) => "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        (MnistSplit.Train, false) => "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        (_, true) => "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        (_, false) => "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    };

    byte[] Read(MnistSplit split, bool images)
    {
        var path = folder.Require($"mnist/{FileName(split, images)}", PinnedDatasets.Mnist.Name);
        byte[] bytes;
        try
        {
            using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            using var memory = new MemoryStream();
            file.CopyTo(memory);
            bytes = memory.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new InputException($"{path} cannot be unpacked ({e.Message.TrimEnd('.')}): remove it and run 'collapse fetch mnist'.", e);
        }

        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != Sha256(split, images) || BinaryPrimitives.ReadInt32BigEndian(bytes) != (images ? ImagesMagic : LabelsMagic))
            throw new InputException($"{path} does not hold the published images: remove it and run 'collapse fetch mnist'.");
        return bytes;
    }
}
