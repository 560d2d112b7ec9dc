using System.Diagnostics;
using ModelCollapse.Data;

namespace ModelCollapse.Tests.Cli;

public class ReproduceTests
{
    static string Script => Path.GetFullPath(Path.Combine(ProjectData.Require("recipes"), "..", "..", "environment", "reproduce"));

    [Fact]
    public void An_unknown_option_is_said_in_one_sentence_with_exit_code_2()
    {
        using var process = Process.Start(new ProcessStartInfo(Script, ["--txet"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEnd(), process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.Equal((2, "", "reproduce: unknown option '--txet': there is --text, for real text in place of Almanac.\n"), (process.ExitCode, output, errors));
    }
}
