using System.Security.Cryptography;
using ModelCollapse.Data;
using Parquet;
using Parquet.Schema;

namespace ModelCollapse.Tests.Data;

public sealed class DownloaderTests : IDisposable
{
    static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31 ^ i >> 8))];
    static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(Content));

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_broken_download_goes_on_until_it_is_whole(bool knowsRanges, bool sendsLength)
    {
        using FileServer server = new(Content) { CutAfter = 100_000, Cuts = knowsRanges ? int.MaxValue : 1, KnowsRanges = knowsRanges, SendsLength = sendsLength };
        var fetched = Assert.Single(await FetchAsync(File(server)));
        Assert.Equal(Content, System.IO.File.ReadAllBytes(fetched.Path));
        Assert.Equal((Hash, Content.Length, false), (fetched.Sha256, fetched.Size, fetched.WasThere));
        Assert.False(System.IO.File.Exists(fetched.Path + ".part"));
        Assert.Equal(knowsRanges ? ["", "bytes=100000-", "bytes=200000-"] : ["", "bytes=100000-"], server.Ranges);
    }

    [Fact]
    public async Task A_later_command_goes_on_from_the_part()
    {
        using FileServer server = new(Content) { CutAfter = 0 };
        folder.File("set/file.bin.part");
        System.IO.File.WriteAllBytes(Part, Content[..120_000]);
        var message = (await Assert.ThrowsAsync<InputException>(() => FetchAsync(File(server)))).Message;
        Assert.Contains("broke after 120000 bytes of set/file.bin", message);
        Assert.Equal(120_000, new FileInfo(Part).Length);

        server.CutAfter = null;
        List<DownloadProgress> seen = [];
        await FetchAsync(File(server), new Collector(seen));
        Assert.Equal("bytes=120000-", server.Ranges[^1]);
        Assert.Equal(Content, System.IO.File.ReadAllBytes(Target));
        Assert.True(seen[0].Done > 120_000);
        Assert.Equal((Content.Length, (long?)Content.Length), (seen[^1].Done, seen[^1].Total));
    }

    [Fact]
    public async Task What_is_there_is_not_fetched_again_and_is_checked()
    {
        using FileServer server = new(Content);
        await FetchAsync(File(server));
        Assert.True(Assert.Single(await FetchAsync(File(server))).WasThere);
        Assert.Single(server.Ranges);

        System.IO.File.AppendAllText(Target, "more");
        Assert.Contains("300004 bytes instead of 300000", (await Assert.ThrowsAsync<InputException>(() => FetchAsync(File(server)))).Message);
        Assert.True(System.IO.File.Exists(Target));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Other_content_is_refused_and_removed(bool sameSize)
    {
        using FileServer server = new(sameSize ? [.. Content.Reverse()] : Content[..^1]);
        var message = (await Assert.ThrowsAsync<InputException>(() => FetchAsync(File(server)))).Message;
        Assert.Contains(sameSize ? $"instead of {Hash}" : "299999 bytes instead of 300000", message);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_part_of_another_file_is_not_continued()
    {
        using FileServer server = new(Content);
        folder.File("set/file.bin.part");
        System.IO.File.WriteAllBytes(Part, new byte[Content.Length + 5]);
        await FetchAsync(File(server));
        Assert.Equal([""], server.Ranges);

        System.IO.File.Delete(Target);
        System.IO.File.WriteAllBytes(Part, new byte[Content.Length + 5]);
        await FetchAsync(File(server) with { Size = null });
        Assert.Equal(["", $"bytes={Content.Length + 5}-", ""], server.Ranges);
        Assert.Equal(Content, System.IO.File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Offline_the_message_says_what_to_get_by_hand()
    {
        FileServer server = new(Content);
        var file = File(server);
        server.Dispose();
        var message = (await Assert.ThrowsAsync<InputException>(() => FetchAsync(file, file with { Path = "set/second.bin" }))).Message;
        Assert.Contains($"{file.Url} as {Target}", message);
        Assert.Contains($"{file.Url} as {folder.File("set/second.bin")}", message);
        Assert.DoesNotContain('\n', message);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_missing_file_at_the_publisher_is_not_tried_twice()
    {
        using FileServer server = new(Content) { Status = "404 Not Found" };
        Assert.Contains("answers 404", (await Assert.ThrowsAsync<InputException>(() => FetchAsync(File(server)))).Message);
        Assert.Single(server.Ranges);
    }

    [Fact]
    public async Task A_hash_that_is_not_pinned_is_recorded_and_holds()
    {
        using FileServer server = new(Content);
        var file = File(server) with { Sha256 = null };
        Assert.Equal(Hash, Assert.Single(await FetchAsync(file)).Sha256);
        Assert.Equal($"{Hash}  file.bin\n", System.IO.File.ReadAllText(Target + ".sha256"));
        Assert.True(Assert.Single(await FetchAsync(file)).WasThere);

        System.IO.File.WriteAllBytes(Target, [.. Content.Reverse()]);
        Assert.Contains($"instead of {Hash}", (await Assert.ThrowsAsync<InputException>(() => FetchAsync(file))).Message);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        using FileServer server = new(Content);
        folder.File("set", "a file where the folder should be");
        Assert.Contains("MODEL_COLLAPSE_DATA", (await Assert.ThrowsAsync<InputException>(() => FetchAsync(File(server)))).Message);
        Assert.Empty(server.Ranges);
    }

    [Fact]
    public async Task Parquet_is_checked_by_its_text_and_not_needed_beside_the_plain_file()
    {
        string[] rows = ["", " = Title = \n", "", " Text . \n"];
        DataField<string> field = new("text");
        using MemoryStream parquet = new();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(field), parquet))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(field, rows);
        }

        const string text = " \n = Title = \n \n Text . \n";
        using FileServer server = new(parquet.ToArray());
        PinnedFile file = new() { Path = "set/rows.parquet", Url = server.Url, TextSha256 = WikiText2.HashOf(text), PlainText = "set/plain.txt" };
        Assert.False(Assert.Single(await FetchAsync(file)).WasThere);
        Assert.Contains("its text has SHA-256", (await Assert.ThrowsAsync<InputException>(() => FetchAsync(file with { TextSha256 = Hash }))).Message);

        var plain = folder.File("set/plain.txt", text);
        Assert.Equal(plain, Assert.Single(await FetchAsync(file)).Path);
        Assert.Single(server.Ranges);
    }

    [Fact]
    [Trait("kind", "data")]
    public void Published_files_here_are_those_that_are_pinned()
    {
        Downloader downloader = new(new DataFolder(TestData.Root));
        foreach (var file in PinnedDatasets.All.SelectMany(d => d.Files).Where(f => f.Path.StartsWith("wikitext-2/") || f.Path.StartsWith("smollm2/")))
        {
            // The raw train split may be absent on development machines.
            if (file.PlainText == "wikitext-2/wiki.train.raw" && downloader.Present(file) is null) continue;
            Assert.True(downloader.Present(file)?.WasThere, file.Path);
        }

        foreach (var name in new[] { "vocab.json", "merges.txt" })
            Assert.NotNull(downloader.Present(PinnedDatasets.Opt125m.Files.Single(f => f.Path == $"opt-125m/{name}") with { Path = $"opt-tokenizer/{name}" }));
        Assert.Contains("opt-125m, smollm2-135m, wikitext-2", Assert.Throws<InputException>(() => PinnedDatasets.Find("gpt-5")).Message);
    }

    string Target => folder.File("set/file.bin");

    string Part => Target + ".part";

    static PinnedFile File(FileServer server) => new() { Path = "set/file.bin", Url = server.Url, Size = Content.Length, Sha256 = Hash };

    async Task<IReadOnlyList<FetchedFile>> FetchAsync(params PinnedFile[] files) => await FetchAsync(files, null);

    async Task<IReadOnlyList<FetchedFile>> FetchAsync(PinnedFile file, IProgress<DownloadProgress> progress) => await FetchAsync([file], progress);

    async Task<IReadOnlyList<FetchedFile>> FetchAsync(PinnedFile[] files, IProgress<DownloadProgress>? progress)
    {
        using HttpClient client = new();
        Downloader downloader = new(new DataFolder(folder.Path), client) { Pause = TimeSpan.FromMilliseconds(1) };
        return await downloader.FetchAsync(new PinnedDataset("set", "a test", files), progress);
    }

    sealed class Collector(List<DownloadProgress> seen) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => seen.Add(value);
    }
}
