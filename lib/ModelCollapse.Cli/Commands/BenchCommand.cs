using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ModelCollapse.Cli.Benchmarks;
using ModelCollapse.Language;
using Spectre.Console;

namespace ModelCollapse.Cli.Commands;

/// <summary><c>collapse bench</c>: speed of training and beam search on this machine, of the metrics, or of simulated laws beside NumPy.</summary>
static class BenchCommand
{
    static readonly string[] Usual = ["mini", "small", "opt-125m", "smollm2-135m"];

    public static Command Create()
    {
        var presets = new Option<string[]>("--preset") { Description = $"Only this preset; may be given several times. Usual: {string.Join(", ", Usual)}." };
        var threads = new Option<int>("--threads") { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var repetitions = new Option<int>("--repetitions") { Description = "Repetitions per median.", DefaultValueFactory = _ => 3 };
        var metrics = new Option<bool>("--metrics") { Description = "Time and peak memory of the metrics instead." };
        var texts = new Option<int>("--texts") { Description = "Texts of 64 tokens, for --metrics.", DefaultValueFactory = _ => 100_000 };
        var closedForm = new Option<bool>("--closed-form") { Description = "The recursion of Gaussians beside NumPy instead." };
        var json = Common.Json();
        var command = new Command("bench", "Measures tokens per second, and their share of this machine's bfloat16 matrix-product peak.") { presets, threads, repetitions, metrics, texts, closedForm, json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(metrics))
            {
                Metrics(parsed.GetValue(texts), parsed.GetValue(threads), parsed.GetValue(json));
                return;
            }

            if (parsed.GetValue(closedForm))
            {
                ClosedForm(parsed.GetValue(threads), parsed.GetValue(repetitions), parsed.GetValue(json));
                return;
            }

            var chosen = (parsed.GetValue(presets) is { Length: > 0 } some ? some : Usual).Select(ModelPresets.Get).ToList();
            if (parsed.GetValue(threads) < 1 || parsed.GetValue(repetitions) < 1) throw new InputException("--threads and --repetitions must be at least 1.");
            var results = chosen.ConvertAll(p => Benchmark.Run(p, parsed.GetValue(threads), parsed.GetValue(repetitions), Console.Error.WriteLine));
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(results, Common.JsonOptions));
                return;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{results[0].Processor}, {results[0].Threads} threads; shares are of the bf16 matrix-product peak measured between the repetitions; medians of {results[0].Repetitions}."));
            var table = new Table().RoundedBorder().AddColumns("preset", "parameters", "peak, GFLOP/s", "training, tokens/s", "share", "5 beams, tokens/s", "share");
            foreach (var r in results)
                table.AddRow(r.Preset, Text(r.Parameters / 1e6, "F1") + " M", Text(r.GemmPeak / 1e9, "F0"), Text(r.TrainingTokensPerSecond, "F0"), Text(r.TrainingShare, "P0"), Text(r.BeamTokensPerSecond, "F0"), Text(r.BeamShare, "P0"));
            AnsiConsole.Write(table);
        });
        return command;
    }

    static void Metrics(int texts, int threads, bool json)
    {
        if (texts < 10 || threads < 1) throw new InputException("--texts must be at least 10, and --threads at least 1.");
        TorchSharp.torch.set_num_threads(threads);
        List<MetricBenchmarkResult> results = [.. MetricBenchmark.Run(texts, Console.Error.WriteLine)];
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(results, Common.JsonOptions));
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{texts} texts of 64 tokens, or as many features of 384 numbers; {threads} threads. Memory is that of the process, with the input."));
        var table = new Table().RoundedBorder().AddColumns("metric", "value", "seconds", "before, MB", "peak, MB");
        foreach (var r in results) table.AddRow(r.Metric, Text(r.Value, "G4"), Text(r.Seconds, "F1"), Text(r.BytesBefore / 1e6, "F0"), Text(r.PeakBytes / 1e6, "F0"));
        AnsiConsole.Write(table);
    }

    static void ClosedForm(int threads, int rounds, bool json)
    {
        if (threads < 1 || rounds < 1) throw new InputException("--threads and --repetitions must be at least 1.");
        var r = ClosedFormBenchmark.Run(new(), threads, rounds, ClosedFormBenchmark.Interpreters, Console.Error.WriteLine);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(r, Common.JsonOptions));
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{r.Processor}; {r.Work.Repetitions:N0} Gaussians, {r.Work.Fits:N0} fits to {r.Work.Samples:N0} samples each; {r.Threads} threads here, {r.Threads} processes of NumPy {r.NumPyVersion}; medians of {r.Rounds} alternating rounds."));
        var table = new Table().RoundedBorder().AddColumns("", "seconds", "million samples/s", $"mean ln σ (exact: {Text(r.ExactLogDeviation, "F4")})");
        table.AddRow("here", Text(r.Seconds, "F2"), Text(r.Work.Draws / r.Seconds / 1e6, "F0"), Text(r.LogDeviation, "F4"));
        table.AddRow("NumPy", Text(r.NumPySeconds, "F2"), Text(r.Work.Draws / r.NumPySeconds / 1e6, "F0"), Text(r.NumPyLogDeviation, "F4"));
        AnsiConsole.Write(table);
        Console.WriteLine($"NumPy takes {Text(r.Ratio, "F2")} times as long.");
    }

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
