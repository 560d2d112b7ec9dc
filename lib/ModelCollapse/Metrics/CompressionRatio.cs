using System.IO.Compression;
using System.Text;

namespace ModelCollapse.Metrics;

/// <summary>
/// Bytes of texts over their bytes after DEFLATE compression (gzip): a measure of repetition over all lengths at once (Shaib et al., arXiv 2403.00553).
/// Rises under collapse, as texts repeat themselves and each other. The last per cent depends on the version of the compressor.
/// </summary>
/// <param name="RawBytes">UTF-8 bytes of the texts, one line feed between two.</param>
/// <param name="ZlibBytes">Bytes in the zlib format.</param>
/// <param name="GzipBytes">Bytes in the gzip format.</param>
public sealed record CompressionRatio(long RawBytes, long ZlibBytes, long GzipBytes)
{
    /// <summary>Raw over gzip bytes; 0 for no text.</summary>
    public double Ratio => (double)RawBytes / GzipBytes;

    /// <summary>Compresses texts.</summary>
    /// <param name="texts">The texts.</param>
    public static CompressionRatio Of(IEnumerable<string> texts)
    {
        using CountingStream zlib = new(), gzip = new();
        var raw = 0L;
        using (var first = new ZLibStream(zlib, CompressionLevel.SmallestSize))
        using (var second = new GZipStream(gzip, CompressionLevel.SmallestSize))
        {
            foreach (var (i, text) in texts.Index())
            {
                var bytes = Encoding.UTF8.GetBytes(i == 0 ? text : "\n" + text);
                raw += bytes.Length;
                first.Write(bytes);
                second.Write(bytes);
            }

            // Without a byte neither stream would write its header.
            first.Flush();
            second.Flush();
        }

        return new(raw, zlib.Written, gzip.Written);
    }

    /// <summary>Keeps nothing but the number of bytes.</summary>
    sealed class CountingStream : Stream
    {
        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Written;

        public override long Position { get => Written; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Written += count;

        public override void Write(ReadOnlySpan<byte> buffer) => Written += buffer.Length;
    }
}
