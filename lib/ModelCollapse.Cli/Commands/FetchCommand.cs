using System.CommandLine;
using System.Globalization;
using ModelCollapse.Data;

namespace ModelCollapse.Cli.Commands;

/// <summary><c>collapse fetch</c>: downloads published text and weights, or checks those that are there.</summary>
static class FetchCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("name") { Description = string.Join(", ", PinnedDatasets.All.Select(d => d.Name)) + "; without a name they are listed.", Arity = ArgumentArity.ZeroOrMore };
        var data = Common.Data();
        var command = new Command("fetch", "Downloads published text and weights at pinned revisions, and checks them.") { names, data };
        command.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(names) is not { Length: > 0 } asked)
            {
                foreach (var d in PinnedDatasets.All) Console.WriteLine($"{d.Name}: {d.About}");
                return;
            }

            var sets = asked.Select(PinnedDatasets.Find).ToList();
            var downloader = new Downloader(Common.FolderOf(parsed.GetValue(data)));
            foreach (var set in sets)
                foreach (var file in await downloader.FetchAsync(set, new Progress(), stop))
                    Console.WriteLine($"{file.Path}: {(file.WasThere ? "there" : "fetched")}, {file.Size} bytes, SHA-256 {file.Sha256}{(file.File.Sha256 is null && file.File.TextSha256 is null ? " (none pinned: compare it with the publisher's)" : "")}");
        });
        return command;
    }

    /// <summary>One line that is overwritten in a terminal; nothing where output goes to a file.</summary>
    sealed class Progress : IProgress<DownloadProgress>
    {
        int shown = -1;

        public void Report(DownloadProgress p)
        {
            var percent = p.Total is { } total and > 0 ? (int)(100 * p.Done / total) : (int)(p.Done >> 20);
            if (Console.IsErrorRedirected || percent == shown) return;
            shown = percent;
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{p.Path}: {p.Done / 1e6:F1}{(p.Total is { } all ? $" of {all / 1e6:F1}" : "")} MB {(p.Done == p.Total ? "\n" : "")}"));
        }
    }
}
