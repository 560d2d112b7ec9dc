using ModelCollapse.Tensors;
using static TorchSharp.torch;

namespace ModelCollapse.Sampling;

/// <summary>
/// Beam search with the semantics of Hugging Face transformers 5: processors act on log-probabilities and what they leave
/// accumulates; finished sequences compete by sum / length^penalty; each step looks at max(2, 1 + number of end ids) × beams
/// candidates, of which those that end count only among the best <c>beams</c>.
/// </summary>
sealed class BeamSearch(INextToken model, DecodingOptions options)
{
    /// <summary>Stands for minus infinity where scores are still added to.</summary>
    const float Never = -1e9f;

    readonly IReadOnlyList<ScoreProcessor> processors = ScoreProcessor.For(options);
    readonly HashSet<int> endIds = [.. options.EosIds];

    /// <summary>The best sequences of each prompt, best first.</summary>
    public GeneratedText[][] Run(PromptBatch prompts, Action stepDone)
    {
        var (beams, keep) = (options.Beams, Math.Max(2, 1 + options.EosIds.Count) * options.Beams);
        var searches = prompts.Rows.Select((row, i) => new Search(row, prompts.Padding[i], beams)).ToArray();
        var logits = model.Read(prompts);
        var rowsPerPrompt = 1;
        while (true)
        {
            using (logits)
            {
                var vocabulary = (int)logits.shape[1];
                if (vocabulary < keep) throw new InputException($"A vocabulary of {vocabulary} is too small for {beams} beams.");
                var (source, rows) = (logits, rowsPerPrompt);
                Kernels.Parallel(searches.Length, (from, to) =>
                {
                    var scores = new float[vocabulary];
                    for (var i = from; i < to; i++) Step(searches[i], source, i * rows, rows, scores, keep);
                });
            }

            stepDone();
            // As in the reference, one row that may go on keeps all going; rows that are done take nothing more.
            var atEnd = searches[0].NewTokens == options.MaxNewTokens;
            var allEnded = searches.All(s => s.LastCandidatesEnded);
            if (atEnd || allEnded || !searches.Any(s => s.CanImprove) || options.EarlyStopping == EarlyStopping.True && searches.All(s => s.IsFull)) break;
            int[] tokens = [.. searches.SelectMany(s => s.Running.Select(b => b.Tokens[^1]))];
            int[] parents = [.. searches.SelectMany((s, i) => s.Running.Select(b => i * rowsPerPrompt + b.Parent))];
            logits = model.Append(tokens, parents);
            rowsPerPrompt = beams;
        }

        return [.. searches.Select(s => s.Finished.Take(options.ReturnedSequences).Select(f => new GeneratedText(f.Tokens, f.Score)).ToArray())];
    }

    void Step(Search search, Tensor logits, int firstRow, int rows, float[] scores, int keep)
    {
        var candidates = new List<Candidate>(keep + 1);
        for (var beam = 0; beam < rows; beam++)
        {
            Scores.CopyRow(logits, firstRow + beam, scores, logProbabilities: true);
            var state = new DecodingState(search.SequenceOf(beam), search.Padding, search.Prompt.Length);
            foreach (var processor in processors) processor.Apply(scores, state);
            Scores.Offer(scores, search.Running[beam].Score, beam, candidates, keep);
        }

        var length = search.NewTokens + 1;
        var mustEnd = length == options.MaxNewTokens;
        bool Ends(Candidate c) => mustEnd || endIds.Contains(c.Token);

        var divisor = MathF.Pow(length, (float)options.LengthPenalty);
        var closed = !search.CanImprove || options.EarlyStopping == EarlyStopping.True && search.IsFull;
        foreach (var c in candidates.Take(options.Beams).Where(Ends))
            if (!closed) search.Finish(new([.. search.Running[c.Beam].Tokens, c.Token], c.Score / divisor), options.Beams);

        search.LastCandidatesEnded = candidates.All(Ends);
        var going = candidates.Where(c => !Ends(c)).Take(options.Beams).Select(c => new Beam([.. search.Running[c.Beam].Tokens, c.Token], c.Score, c.Beam)).ToList();
        if (going.Count > 0)
            while (going.Count < options.Beams) going.Add(going[^1] with { Score = Never }); // fewer tokens are allowed than there are beams
        search.Advance(going, length);

        if (going.Count == 0) return;
        var bestLength = options.EarlyStopping == EarlyStopping.Never && options.LengthPenalty > 0 ? options.MaxNewTokens : length;
        search.CanImprove &= !search.IsFull || going[0].Score / MathF.Pow(bestLength, (float)options.LengthPenalty) > search.Finished[^1].Score;
    }

    /// <summary>A sequence that goes on.</summary>
    /// <param name="Tokens">New tokens.</param>
    /// <param name="Score">Accumulated log-probability in nats, penalties included.</param>
    /// <param name="Parent">The beam of the last step that it continues.</param>
    sealed record Beam(int[] Tokens, float Score, int Parent);

    sealed record FinishedBeam(int[] Tokens, float Score);

    /// <summary>The search of one prompt.</summary>
    sealed class Search(int[] prompt, int padding, int beams)
    {
        public int[] Prompt => prompt;

        public int Padding => padding;

        public int NewTokens { get; private set; }

        public List<Beam> Running { get; private set; } = [new([], 0, 0)];

        public List<FinishedBeam> Finished { get; } = [];

        public bool IsFull => Finished.Count == beams;

        public bool CanImprove { get; set; } = true;

        public bool LastCandidatesEnded { get; set; }

        public int[] SequenceOf(int beam) => [.. prompt, .. Running[beam].Tokens];

        public void Finish(FinishedBeam beam, int most)
        {
            var at = Finished.Count;
            while (at > 0 && Finished[at - 1].Score < beam.Score) at--;
            Finished.Insert(at, beam);
            if (Finished.Count > most) Finished.RemoveAt(most);
        }

        public void Advance(List<Beam> going, int newTokens)
        {
            if (going.Count > 0) Running = going;
            NewTokens = newTokens;
        }
    }
}
