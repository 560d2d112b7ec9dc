using ModelCollapse.Tensors;

namespace ModelCollapse.Sampling;

/// <summary>Greedy search, and sampling from the distribution that the filters leave: one row per prompt, a token at a time.</summary>
/// <param name="model">Gives the logits.</param>
/// <param name="options">How the next token is chosen.</param>
/// <param name="randoms">One random stream for each prompt, so that a prompt's text does not depend on its batch; unused by greedy search.</param>
sealed class SingleBeam(INextToken model, DecodingOptions options, IReadOnlyList<Random> randoms)
{
    readonly IReadOnlyList<ScoreProcessor> processors = ScoreProcessor.For(options);
    readonly HashSet<int> endIds = [.. options.EosIds];

    /// <summary>The text of each prompt.</summary>
    public GeneratedText[][] Run(PromptBatch prompts, Action stepDone)
    {
        var sequences = prompts.Rows.Select(r => new List<int>(r)).ToArray();
        var done = new bool[prompts.Count];
        var identity = Enumerable.Range(0, prompts.Count).ToArray();
        var next = new int[prompts.Count];
        var logits = model.Read(prompts);
        for (var written = 1; ; written++)
        {
            using (logits)
            {
                var source = logits;
                Kernels.Parallel(prompts.Count, (from, to) =>
                {
                    var scores = new float[source.shape[1]];
                    for (var i = from; i < to; i++)
                    {
                        if (done[i]) continue;
                        Scores.CopyRow(source, i, scores, logProbabilities: false);
                        var state = new DecodingState(sequences[i].ToArray(), prompts.Padding[i], prompts.Time);
                        foreach (var processor in processors) processor.Apply(scores, state);
                        next[i] = options.Sample ? Distribution.Draw(scores, randoms[i]) : Scores.ArgMax(scores);
                        sequences[i].Add(next[i]);
                        done[i] = endIds.Contains(next[i]);
                    }
                });
            }

            stepDone();
            if (written == options.MaxNewTokens || done.All(d => d)) break;
            logits = model.Append(next, identity);
        }

        return [.. sequences.Select(s => (GeneratedText[])[new([.. s.Skip(prompts.Time)], 0)])];
    }
}
