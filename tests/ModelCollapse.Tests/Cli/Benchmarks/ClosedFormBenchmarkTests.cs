using ModelCollapse.Cli.Benchmarks;
using ModelCollapse.ClosedForm;
using ModelCollapse.ClosedForm.Laws;

namespace ModelCollapse.Tests.Cli.Benchmarks;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")] // a shell script stands in for Python
public class ClosedFormBenchmarkTests
{
    static readonly GaussianWork Small = new(Samples: 50, Fits: 10, Repetitions: 21);

    /// <summary>A stand-in for Python that says what NumPy's script would: its version, then one number for each seed.</summary>
    [Fact]
    public void Both_sides_do_their_share_and_the_ratio_is_that_of_their_times()
    {
        using var folder = new TemporaryFolder();
        var python = Path.Combine(folder.Path, "python");
        File.WriteAllText(python, "#!/bin/sh\n[ \"$2\" = 'import numpy' ] && exit 0\necho \"$5\"\nwhile read -r seed; do sleep 0.1; echo \"-$5.5\"; done\n");
        File.SetUnixFileMode(python, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var result = ClosedFormBenchmark.Run(Small, threads: 2, rounds: 3, ["/nowhere/python", python], _ => { });

        Assert.Equal("11", result.NumPyVersion); // repetitions of the first worker
        Assert.Equal(-(11.5 + 10.5) / 21, result.NumPyLogDeviation, 1e-12);
        Assert.Equal(GaussianLaws.Replace(VarianceEstimator.MaximumLikelihood, 50, 10).LogVariance / 2, result.ExactLogDeviation);
        Assert.InRange(result.LogDeviation, result.ExactLogDeviation - 0.3, result.ExactLogDeviation + 0.3);
        Assert.True(result.NumPySeconds >= 0.1 && result.Seconds > 0);
        Assert.True(result.Ratio > 1, $"{result.Ratio}");
    }

    [Fact]
    public void Without_NumPy_the_message_says_what_to_install() => Assert.Contains("python3-numpy",
        Assert.Throws<InputException>(() => ClosedFormBenchmark.Run(Small, 1, 1, ["/nowhere/python", "/bin/false"], _ => { })).Message);
}
