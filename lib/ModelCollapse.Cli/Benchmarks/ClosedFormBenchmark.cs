using System.Diagnostics;
using System.Globalization;
using ModelCollapse.ClosedForm;
using ModelCollapse.ClosedForm.Laws;
using ModelCollapse.Reporting;
using ModelCollapse.Store;

namespace ModelCollapse.Cli.Benchmarks;

/// <summary>
/// Speed of the recursion of one-dimensional Gaussians beside NumPy's: both draw every sample and take mean and variance of each fit, in turn
/// and with as many threads as processes. That both end at the exact E ln σ shows that both did the work.
/// </summary>
static class ClosedFormBenchmark
{
    /// <summary>The usual interpreters: Debian's, which has Debian's NumPy, then the first on the PATH.</summary>
    public static readonly string[] Interpreters = ["/usr/bin/python3", "python3"];

    /// <summary>Measures both sides in alternating rounds.</summary>
    /// <param name="work">What both do.</param>
    /// <param name="threads">Threads here, and processes of NumPy. Range: at least 1.</param>
    /// <param name="rounds">Rounds behind each median. Range: at least 1.</param>
    /// <param name="interpreters">Pythons to try, in order.</param>
    /// <param name="told">Told what is being measured.</param>
    /// <exception cref="InputException">No Python with NumPy is there.</exception>
    public static ClosedFormBenchmarkResult Run(GaussianWork work, int threads, int rounds, IReadOnlyList<string> interpreters, Action<string> told)
    {
        var (perWorker, more) = Math.DivRem(work.Repetitions, threads);
        List<Worker> workers = [];
        try
        {
            var python = interpreters.FirstOrDefault(Worker.HasNumPy)
                ?? throw new InputException("No Python with NumPy was found: install Debian's python3-numpy, then run this again.");
            for (var i = 0; i < threads; i++) workers.Add(new(python, work with { Repetitions = perWorker + (i < more ? 1 : 0) }));
            var versions = workers.ConvertAll(w => w.Read()); // when all are warm
            GaussianRecursion.Run(work.Samples, 20, work.Repetitions, seed: 0, threads: threads);

            List<(double Seconds, double LogDeviation)> ours = [], numPy = [];
            for (var round = 1; round <= rounds; round++)
            {
                told($"round {round} of {rounds}: here");
                ours.Add(Clock(() => GaussianRecursion.Run(work.Samples, work.Fits, work.Repetitions, round, threads: threads).Sum(g => Math.Log(g.Deviation))));
                told($"round {round} of {rounds}: NumPy");
                numPy.Add(Clock(() =>
                {
                    foreach (var (i, worker) in workers.Index()) worker.Write(round * threads + i);
                    return workers.Sum(w => double.Parse(w.Read(), CultureInfo.InvariantCulture));
                }));
            }

            return new()
            {
                Processor = Machine.This.Processor,
                Threads = threads,
                Rounds = rounds,
                Work = work,
                NumPyVersion = versions[0],
                Seconds = Median(ours.Select(r => r.Seconds)),
                NumPySeconds = Median(numPy.Select(r => r.Seconds)),
                Ratio = Median(ours.Zip(numPy, (o, n) => n.Seconds / o.Seconds)),
                ExactLogDeviation = GaussianLaws.Replace(VarianceEstimator.MaximumLikelihood, work.Samples, work.Fits).LogVariance / 2,
                LogDeviation = ours.Average(r => r.LogDeviation) / work.Repetitions,
                NumPyLogDeviation = numPy.Average(r => r.LogDeviation) / work.Repetitions,
            };
        }
        finally
        {
            foreach (var worker in workers) worker.Dispose();
        }
    }

    static (double Seconds, double LogDeviation) Clock(Func<double> work)
    {
        var clock = Stopwatch.StartNew();
        var sum = work();
        return (clock.Elapsed.TotalSeconds, sum);
    }

    static double Median(IEnumerable<double> values) => MathNet.Numerics.Statistics.Statistics.Median(values);

    /// <summary>One process that runs the script beside this file.</summary>
    sealed class Worker : IDisposable
    {
        readonly Process process;

        public Worker(string python, GaussianWork work)
        {
            using var script = new StreamReader(typeof(Worker).Assembly.GetManifestResourceStream("gaussian_recursion.py")!);
            string[] numbers = [.. new[] { work.Samples, work.Fits, work.Repetitions }.Select(n => n.ToString(CultureInfo.InvariantCulture))];
            process = Start(python, ["-c", script.ReadToEnd(), .. numbers]);
        }

        public static bool HasNumPy(string python)
        {
            try
            {
                using var process = Start(python, ["-c", "import numpy"]);
                process.StandardError.ReadToEnd();
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }

        public void Write(int seed) => process.StandardInput.WriteLine(seed.ToString(CultureInfo.InvariantCulture));

        public string Read() => process.StandardOutput.ReadLine() ?? throw new InputException($"NumPy's process ended: {process.StandardError.ReadToEnd().Trim()}");

        public void Dispose()
        {
            process.StandardInput.Close(); // ends its loop
            if (!process.WaitForExit(1_000)) process.Kill();
            process.Dispose();
        }

        static Process Start(string python, IEnumerable<string> arguments)
        {
            var start = new ProcessStartInfo(python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["OPENBLAS_NUM_THREADS"] = "1"; // one process per core: more threads would be in each other's way
            return Process.Start(start)!;
        }
    }
}

/// <summary>What is done: R recursions of n fits to M samples.</summary>
/// <param name="Samples">M.</param>
/// <param name="Fits">n.</param>
/// <param name="Repetitions">R.</param>
sealed record GaussianWork(int Samples = 1_000, int Fits = 1_000, int Repetitions = 2_000)
{
    /// <summary>Samples that are drawn in all.</summary>
    public double Draws => (double)Samples * Fits * Repetitions;
}

/// <summary>Both sides; times are medians over rounds.</summary>
sealed record ClosedFormBenchmarkResult
{
    /// <summary>Model of the processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Threads here, and processes of NumPy.</summary>
    public required int Threads { get; init; }

    /// <summary>Rounds behind each median.</summary>
    public required int Rounds { get; init; }

    /// <summary>What both did in each round.</summary>
    public required GaussianWork Work { get; init; }

    /// <summary>Version of NumPy.</summary>
    public required string NumPyVersion { get; init; }

    /// <summary>Seconds of a round here.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds of a round of NumPy.</summary>
    public required double NumPySeconds { get; init; }

    /// <summary>NumPy's time over ours, of one round each.</summary>
    public required double Ratio { get; init; }

    /// <summary>The exact E ln σ at the end.</summary>
    public required double ExactLogDeviation { get; init; }

    /// <summary>Mean ln σ here, over all rounds.</summary>
    public required double LogDeviation { get; init; }

    /// <summary>Mean ln σ of NumPy, over all rounds.</summary>
    public required double NumPyLogDeviation { get; init; }
}
