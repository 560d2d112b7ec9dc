using System.Diagnostics;
using ModelCollapse.Models;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Sampling;

/// <summary>Lets a language model continue prompts: greedy search, sampling, or beam search.</summary>
public static class TextGenerator
{
    /// <summary>The best continuation of each prompt.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">Token ids of each prompt, at least one each; lengths may differ.</param>
    /// <param name="options">How.</param>
    /// <param name="seed">Decides every draw; each prompt has a random stream of its own.</param>
    /// <param name="batchSize">Prompts at a time. Changes no more than the last bits of the scores.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops between two tokens.</param>
    /// <returns>New tokens of each prompt; a text that ends early ends with its end id.</returns>
    /// <exception cref="InputException">The settings make no sense, or the text would be longer than the model can read.</exception>
    public static IReadOnlyList<int[]> Generate(
        CausalLM model, IReadOnlyList<int[]> prompts, DecodingOptions options, long seed, int batchSize = 64,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default) =>
        [.. GenerateScored(model, prompts, options, seed, batchSize, progress, cancellation).Select(texts => texts[0].Tokens)];

    /// <summary>As <see cref="Generate"/>, with all returned sequences of each prompt, best first, and their scores.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">Token ids of each prompt.</param>
    /// <param name="options">How.</param>
    /// <param name="seed">Decides every draw.</param>
    /// <param name="batchSize">Prompts at a time.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops between two tokens.</param>
    /// <param name="plain">Whether to run the slow reference path, without any cache.</param>
    public static IReadOnlyList<GeneratedText[]> GenerateScored(
        CausalLM model, IReadOnlyList<int[]> prompts, DecodingOptions options, long seed, int batchSize = 64,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default, bool plain = false)
    {
        options.Check();
        if (prompts.Any(p => p.Length == 0)) throw new ArgumentException("A prompt is empty.", nameof(prompts));
        if (prompts.Count > 0 && prompts.Max(p => p.Length) + options.MaxNewTokens > model.Config.MaxPositions)
            throw new InputException($"A prompt of {prompts.Max(p => p.Length)} tokens and {options.MaxNewTokens} new ones do not fit into the {model.Config.MaxPositions} positions of the model: shorten the prompt or write less.");
        var (clock, all) = (Stopwatch.StartNew(), new List<GeneratedText[]>());
        using var evaluating = model.SetTraining(false);
        using var weights = plain ? null : DecoderWeights.Of(model);
        for (var start = 0; start < prompts.Count; start += batchSize)
        {
            int[][] part = [.. prompts.Skip(start).Take(batchSize)];
            var (time, shards) = (part.Max(p => p.Length), Shards.For(part.Length));
            var texts = new GeneratedText[shards][][];
            Shards.Run(shards, shard =>
            {
                using var inference = no_grad();
                using var scope = NewDisposeScope();
                using INextToken next = weights is null ? new PlainNextToken(model) : new CachedNextToken(model, weights, options.MaxNewTokens);
                var range = Shards.PartOf(part.Length, shard, shards);
                var batch = new PromptBatch(part[range], time, options.PadId ?? 0);
                Random[] randoms = options.Sample ? [.. Enumerable.Range(start + range.Start.Value, batch.Count).Select(i => Seeds.NewRandom(Seeds.Derive(seed, i, "text")))] : [];
                var step = 0;
                texts[shard] = options.Beams > 1 ? new BeamSearch(next, options).Run(batch, StepDone) : new SingleBeam(next, options, randoms).Run(batch, StepDone);

                void StepDone()
                {
                    cancellation.ThrowIfCancellationRequested();
                    step++;
                    // All pieces are about equally far: the first speaks for all.
                    if (shard == 0) progress?.Report(new("sample", (long)start * options.MaxNewTokens + (long)step * part.Length, (long)prompts.Count * options.MaxNewTokens, "tokens", clock.Elapsed));
                }
            });
            all.AddRange(texts.SelectMany(t => t));
        }

        return all;
    }
}

/// <summary>One continuation.</summary>
/// <param name="Tokens">New tokens.</param>
/// <param name="Score">Beam search: log-probability in nats, penalties included, over length^penalty. Otherwise 0.</param>
public sealed record GeneratedText(int[] Tokens, double Score);
