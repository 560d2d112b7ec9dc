using System.Diagnostics;
using ModelCollapse.Language;
using ModelCollapse.Models;
using ModelCollapse.Reporting;
using ModelCollapse.Sampling;
using ModelCollapse.Store;
using ModelCollapse.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Cli.Benchmarks;

/// <summary>
/// Speed of training and of 5-beam search with random weights in bfloat16, and the share of the machine's own bfloat16 matrix-product
/// peak that it makes use of. The peak is measured between the repetitions, so that both see the same machine; figures are medians.
/// </summary>
static class Benchmark
{
    const int Block = 64, TrainingBatch = 16, Prompts = 64, NewTokens = 64, Beams = 5;

    /// <summary>Measures one preset.</summary>
    /// <param name="preset">The model.</param>
    /// <param name="threads">Threads of libtorch and of the kernels.</param>
    /// <param name="repetitions">Repetitions of each measurement. Range: at least 1.</param>
    /// <param name="told">Told what is being measured.</param>
    public static BenchmarkResult Run(ModelPreset preset, int threads, int repetitions, Action<string> told)
    {
        set_num_threads(threads);
        using var model = CausalLM.Create(preset.Config, bfloat16, seed: 1);
        var random = new Random(1);
        int[][] Blocks(int count) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, Block).Select(_ => random.Next(10, preset.Config.VocabularySize)).ToArray())];

        var (peaks, training, beams) = (new List<double>(), new List<double>(), new List<double>());
        var batch = Blocks(TrainingBatch);
        var steps = (int)Math.Clamp(400_000_000_000 / (preset.Config.TrainingFlops(Block) * TrainingBatch * Block), 2, 40);
        var decoding = new DecodingOptions { Beams = Beams, MaxNewTokens = NewTokens, MinNewTokens = NewTokens };
        var prompts = Blocks(Prompts);
        using var optimizer = new AdamW(model, new TrainingOptions());
        Train(2);
        for (var i = 0; i < repetitions; i++)
        {
            told($"{preset.Name}: training, repetition {i + 1} of {repetitions}");
            peaks.Add(GemmPeak());
            training.Add(Train(steps));
            told($"{preset.Name}: {Beams} beams, repetition {i + 1} of {repetitions}");
            peaks.Add(GemmPeak());
            var clock = Stopwatch.StartNew();
            TextGenerator.Generate(model, prompts, decoding, seed: 1, batchSize: Prompts);
            beams.Add(Prompts * NewTokens / clock.Elapsed.TotalSeconds);
        }

        return new()
        {
            Preset = preset.Name,
            Parameters = preset.Config.ParameterCount,
            Processor = Machine.This.Processor,
            Threads = threads,
            Repetitions = repetitions,
            GemmPeak = Median(peaks),
            TrainingTokensPerSecond = Median(training),
            TrainingShare = Median(training) * preset.Config.TrainingFlops(Block) / Median(peaks),
            BeamTokensPerSecond = Median(beams),
            BeamShare = Median(beams) * BeamFlops(preset.Config) / Median(peaks),
        };

        double Train(int count)
        {
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < count; i++) Trainer.Step(model, optimizer, batch, 1e-4);
            return count * TrainingBatch * Block / clock.Elapsed.TotalSeconds;
        }
    }

    /// <summary>Operations per token that beam search returns: one step of all beams, and the share of the prompt that was read for it.</summary>
    public static double BeamFlops(CausalLMConfig config) =>
        Beams * config.ForwardFlops(Block + NewTokens / 2.0) + (double)Block / NewTokens * config.ReadingFlops(Block / 2.0);

    /// <summary>Floating-point operations per second of a large bfloat16 matrix product.</summary>
    static double GemmPeak()
    {
        const int size = 2048;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (a, b) = (randn(size, size).to(bfloat16), randn(size, size).to(bfloat16));
        var rates = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            var clock = Stopwatch.StartNew();
            using var product = a.mm(b.t());
            rates.Add(2.0 * size * size * size / clock.Elapsed.TotalSeconds);
        }

        return rates.Max();
    }

    static double Median(List<double> values) => MathNet.Numerics.Statistics.Statistics.Median(values);
}

/// <summary>Figures of one preset.</summary>
sealed record BenchmarkResult
{
    /// <summary>Name of the preset.</summary>
    public required string Preset { get; init; }

    /// <summary>Weights of the model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Model of the processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Threads used.</summary>
    public required int Threads { get; init; }

    /// <summary>Repetitions behind each median.</summary>
    public required int Repetitions { get; init; }

    /// <summary>Peak of a bfloat16 matrix product, operations per second.</summary>
    public required double GemmPeak { get; init; }

    /// <summary>Training, batches of 16 blocks of 64 tokens, bfloat16 with float32 master weights.</summary>
    public required double TrainingTokensPerSecond { get; init; }

    /// <summary>Its share of the peak, 0 to 1.</summary>
    public required double TrainingShare { get; init; }

    /// <summary>Tokens returned per second by 5-beam search, 64 prompts of 64 tokens and 64 new ones, reading the prompts included.</summary>
    public required double BeamTokensPerSecond { get; init; }

    /// <summary>Its share of the peak, 0 to 1.</summary>
    public required double BeamShare { get; init; }
}
