using ModelCollapse.Sampling;
using ModelCollapse.Tests.Models;

namespace ModelCollapse.Tests.Sampling;

/// <summary>The fast path writes what the plain one writes, token for token, with every decoder and every shape of model.</summary>
public class FastPathTests
{
    const double ScoreTolerance = 1e-4;
    static readonly int[] Ends = [2, 7];

    static readonly Dictionary<string, DecodingOptions> Decoders = new()
    {
        ["greedy"] = new(),
        ["greedy with penalty, n-gram ban and suppression"] = new() { RepetitionPenalty = 1.7, NoRepeatNGram = 2, SuppressTokens = [3, 4, 5] },
        ["greedy with ends"] = new() { EosIds = Ends, MinNewTokens = 3 },
        ["sampling"] = new() { Sample = true },
        ["temperature"] = new() { Sample = true, Temperature = 0.6 },
        ["top-k"] = new() { Sample = true, TopK = 5 },
        ["nucleus"] = new() { Sample = true, TopP = 0.8 },
        ["min-p"] = new() { Sample = true, MinP = 0.1 },
        ["typical"] = new() { Sample = true, TypicalP = 0.7 },
        ["everything when sampling"] = new() { Sample = true, Temperature = 1.4, TopK = 30, TopP = 0.95, MinP = 0.01, TypicalP = 0.9, RepetitionPenalty = 1.3, NoRepeatNGram = 3, SuppressTokens = [0], EosIds = Ends, MinNewTokens = 2 },
        ["two beams"] = new() { Beams = 2 },
        ["five beams"] = new() { Beams = 5, RepetitionPenalty = 2, ReturnedSequences = 5 },
        ["beams that end"] = new() { Beams = 3, EosIds = Ends, ReturnedSequences = 2, LengthPenalty = 2 },
        ["beams that stop early"] = new() { Beams = 3, EosIds = Ends, EarlyStopping = EarlyStopping.True, LengthPenalty = 0.5 },
        ["beams that never stop early"] = new() { Beams = 4, EosIds = Ends, EarlyStopping = EarlyStopping.Never, MinNewTokens = 4, ReturnedSequences = 3 },
        ["beams with n-gram ban and suppression"] = new() { Beams = 3, NoRepeatNGram = 2, SuppressTokens = [1, 2, 3] },
    };

    public static TheoryData<string, string> Cases => [.. from model in RandomModels.Names.Select(n => n.Data) from decoder in Decoders.Keys select (model, decoder)];

    [Theory, MemberData(nameof(Cases))]
    public void Both_paths_write_the_same(string name, string decoder)
    {
        var options = Decoders[decoder] with { MaxNewTokens = 12, PadId = 1 };
        for (var seed = 1; seed <= 2; seed++)
        {
            using var model = RandomModels.Create(name, seed);
            var random = new Random(seed);
            int[][] even = [.. Enumerable.Range(0, 3).Select(_ => RandomModels.Ids(random, 6))], uneven = [.. new[] { 1, 9, 4, 6 }.Select(n => RandomModels.Ids(random, n))];
            foreach (var prompts in (int[][][])[even, uneven])
            {
                var plain = TextGenerator.GenerateScored(model, prompts, options, seed, plain: true);
                var fast = TextGenerator.GenerateScored(model, prompts, options, seed);
                Assert.All(fast, texts => Assert.Equal(options.ReturnedSequences, texts.Length));
                Assert.Equal(plain.SelectMany(t => t.Select(s => string.Join(' ', s.Tokens))), fast.SelectMany(t => t.Select(s => string.Join(' ', s.Tokens))));
                Assert.InRange(Deviation.Of(fast.SelectMany(t => t.Select(s => s.Score)), plain.SelectMany(t => t.Select(s => s.Score))), 0, ScoreTolerance);
            }
        }
    }

    [Theory, MemberData(nameof(RandomModels.Names), MemberType = typeof(RandomModels))]
    public void A_prompt_is_continued_the_same_alone_in_a_batch_and_in_pieces_of_one(string name)
    {
        using var model = RandomModels.Create(name);
        var random = new Random(3);
        int[][] prompts = [.. new[] { 3, 8, 1, 5, 8 }.Select(n => RandomModels.Ids(random, n))];
        foreach (var options in (DecodingOptions[])[new() { MaxNewTokens = 10 }, new() { MaxNewTokens = 10, Beams = 3, RepetitionPenalty = 1.5 }, new() { MaxNewTokens = 10, Sample = true, TopP = 0.9 }])
        {
            var together = TextGenerator.Generate(model, prompts, options, 5);
            Assert.Equal(together, TextGenerator.Generate(model, prompts, options, 5, batchSize: 1));
            Assert.Equal(together, TextGenerator.Generate(model, prompts, options, 5, batchSize: 2));
            if (!options.Sample) Assert.Equal(together, prompts.Select(p => TextGenerator.Generate(model, [p], options, 5)[0]));
        }
    }
}
