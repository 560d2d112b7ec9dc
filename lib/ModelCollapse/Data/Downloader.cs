using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace ModelCollapse.Data;

/// <summary>A file that is in the data folder after fetching.</summary>
/// <param name="File">What was asked for.</param>
/// <param name="Path">The full path of the file that has it.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Sha256">Its SHA-256 as found; compared with a pinned one where there is one.</param>
/// <param name="WasThere">Whether it needed no download.</param>
public sealed record FetchedFile(PinnedFile File, string Path, long Size, string Sha256, bool WasThere);

/// <summary>How far a download is.</summary>
/// <param name="Path">The file, relative to the data folder.</param>
/// <param name="Done">Bytes on disk, those of an earlier attempt included.</param>
/// <param name="Total">Bytes in all, where known.</param>
public sealed record DownloadProgress(string Path, long Done, long? Total);

/// <summary>
/// Fetches pinned files into the data folder. A broken download stays as <c>….part</c> and is resumed by an HTTP range request; a file
/// gets its name only after its size and hash were found right. The hash of a file for which none is pinned is recorded beside it, in a
/// file that <c>sha256sum --check</c> reads, and holds from then on.
/// </summary>
/// <param name="folder">The data folder.</param>
/// <param name="client">Sends the requests; its timeout applies to the time until headers arrive.</param>
public sealed class Downloader(DataFolder folder, HttpClient client)
{
    const string RecordExtension = ".sha256";

    static readonly HttpClient Shared = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(20), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromMinutes(1),
    };

    /// <summary>A downloader for the Internet.</summary>
    public Downloader(DataFolder folder) : this(folder, Shared)
    {
    }

    /// <summary>How often a connection may break without any new byte before fetching gives up.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>How long no byte may arrive before the connection counts as broken.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause before a broken connection is tried again, times the number of attempts so far.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Fetches what is missing of a data set, in the order of its files.</summary>
    /// <exception cref="InputException">The server cannot be reached, a file there or here is not the published one, or the folder cannot be written.</exception>
    public async Task<IReadOnlyList<FetchedFile>> FetchAsync(PinnedDataset dataset, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        List<FetchedFile> fetched = [];
        foreach (var file in dataset.Files)
        {
            try
            {
                fetched.Add(Present(file) ?? await DownloadAsync(file, progress, cancellation));
            }
            catch (HttpRequestException e)
            {
                throw Unreachable(dataset, file, e);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw NotWritable(folder.PathOf(file.Path), e);
            }
        }

        return fetched;
    }

    /// <summary>The file, if it is in the folder and right; null if it is not there.</summary>
    /// <exception cref="InputException">It is there but is not the published file.</exception>
    public FetchedFile? Present(PinnedFile file)
    {
        var text = file.PlainText is { } plain ? folder.PathOf(plain) : null;
        if (File.Exists(text))
            return Checked(file with { Size = null, Sha256 = file.TextSha256, TextSha256 = null }, text) with { File = file, WasThere = true };
        var path = folder.PathOf(file.Path);
        return File.Exists(path) ? Checked(WithRecord(file, path), path) with { File = file, WasThere = true } : null;
    }

    static bool IsPinned(PinnedFile file) => (file.Sha256 ?? file.UnpackedSha256 ?? file.TextSha256) is not null;

    // A file without a pinned hash is compared with the hash that it had when it was fetched.
    static PinnedFile WithRecord(PinnedFile file, string path) =>
        !IsPinned(file) && File.Exists(path + RecordExtension) ? file with { Sha256 = File.ReadAllText(path + RecordExtension).Split(' ')[0] } : file;

    static FetchedFile Checked(PinnedFile file, string path) =>
        Problem(file, path, out var found) is { } problem ? throw new InputException($"{path} is not the published file ({problem}): remove it and fetch it again.") : found;

    static string? Problem(PinnedFile file, string path, out FetchedFile found)
    {
        using (var stream = File.OpenRead(path)) found = new(file, path, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)), WasThere: false);
        if (file.Size is { } size && size != found.Size) return $"{found.Size} bytes instead of {size}";
        if (file.Sha256 is { } sha && sha != found.Sha256) return $"SHA-256 {found.Sha256} instead of {sha}";
        if (file.UnpackedSha256 is { } content)
            try
            {
                using var unpacked = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
                var hash = Convert.ToHexStringLower(SHA256.HashData(unpacked));
                if (hash != content) return $"what it holds has SHA-256 {hash} instead of {content}";
            }
            catch (InvalidDataException)
            {
                return "it is not a whole gzip file";
            }

        if (file.TextSha256 is { } expected)
            try
            {
                var text = WikiText2.HashOf(Rows.ToWikiText(ParquetText.Read(path)));
                if (text != expected) return $"its text has SHA-256 {text} instead of {expected}";
            }
            catch (InputException)
            {
                return "it cannot be read as Parquet";
            }

        return null;
    }

    async Task<FetchedFile> DownloadAsync(PinnedFile file, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var path = folder.PathOf(file.Path);
        var part = path + ".part";
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        var ours = false;
        try
        {
            await using FileStream output = new(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            ours = true;
            await ReceiveWhollyAsync(file, output, progress, cancellation);
        }
        finally
        {
            if (ours && new FileInfo(part).Length == 0) File.Delete(part);
        }

        if (Problem(file, part, out var found) is { } problem)
        {
            File.Delete(part);
            throw new InputException($"What {file.Url} sent is not the published file ({problem}), so it was removed: try again later, or get it elsewhere and put it at {path}.");
        }

        if (!IsPinned(file)) File.WriteAllText(path + RecordExtension, $"{found.Sha256}  {Path.GetFileName(path)}\n");
        File.Move(part, path);
        return found with { Path = path };
    }

    async Task ReceiveWhollyAsync(PinnedFile file, FileStream output, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var furthest = output.Length;
        for (var attempt = 1; ; attempt++)
            try
            {
                await ReceiveAsync(file, output, progress, cancellation);
                output.Flush(flushToDisk: true);
                return;
            }
            catch (Exception e) when (e is HttpIOException or TimeoutException or HttpRequestException { StatusCode: null or >= HttpStatusCode.InternalServerError })
            {
                if (output.Length > furthest) (attempt, furthest) = (1, output.Length);
                if (attempt < Attempts) await Task.Delay(Pause * attempt, cancellation);
                else if (output.Length == 0) throw e as HttpRequestException ?? new HttpRequestException(e.Message, e);
                else throw new InputException($"The connection to {file.Url.Host} broke after {output.Length} bytes of {file.Path}: run the same command again, and it goes on from there.", e);
            }
    }

    /// <summary>One request: appends what the server sends to what is there.</summary>
    async Task ReceiveAsync(PinnedFile file, FileStream output, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        if (output.Length > file.Size) output.SetLength(0);
        if (output.Length == file.Size) return;
        using HttpRequestMessage request = new(HttpMethod.Get, file.Url);
        if (output.Length > 0) request.Headers.Range = new RangeHeaderValue(output.Length, null);
        using var response = await SendAsync(request, cancellation);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // What is there is not the beginning of this file, or all of it; only a new start can tell.
            output.SetLength(0);
            throw new HttpIOException(HttpRequestError.InvalidResponse, "the server has no such range");
        }

        response.EnsureSuccessStatusCode();
        var from = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From ?? 0 : 0;
        if (from > output.Length) throw new HttpIOException(HttpRequestError.InvalidResponse, "the server sent another range");
        output.SetLength(from);
        output.Position = from;
        var total = file.Size ?? from + response.Content.Headers.ContentLength;
        await using var input = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await ReadAsync(input, buffer, cancellation)) > 0)
        {
            output.Write(buffer, 0, read);
            progress?.Report(new(file.Path, output.Length, total));
            if (output.Length > file.Size) return;
        }

        // A response without a length ends where the connection does, on purpose or not.
        if (response.Content.Headers.ContentLength is null && output.Length < file.Size) throw new HttpIOException(HttpRequestError.ResponseEnded, "the connection ended early");
    }

    async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (TaskCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("the server does not answer", e);
        }
    }

    async Task<int> ReadAsync(Stream input, byte[] buffer, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(Stall);
        try
        {
            return await input.ReadAsync(buffer, stall.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("nothing more arrives", e);
        }
        catch (IOException e) when (e is not HttpIOException)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, e.Message, e);
        }
    }

    static InputException NotWritable(string path, Exception e) =>
        new($"{path} cannot be written ({e.Message.TrimEnd('.')}): make room for it, or set {DataFolder.Variable} to a folder of your own.", e);

    InputException Unreachable(PinnedDataset dataset, PinnedFile first, HttpRequestException e)
    {
        var missing = dataset.Files.SkipWhile(f => f != first).Where(f => Present(f) is null).Select(f => $"{f.Url} as {folder.PathOf(f.Path)}");
        var reason = e.StatusCode is { } status ? $"answers {(int)status} for {first.Url}" : $"cannot be reached ({e.Message.TrimEnd('.')})";
        return new($"{first.Url.Host} {reason}: on a machine that can, download {string.Join(", ", missing)}.", e);
    }
}
