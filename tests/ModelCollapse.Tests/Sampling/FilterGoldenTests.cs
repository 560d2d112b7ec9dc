using ModelCollapse.Models.Checkpoints;
using ModelCollapse.Sampling;

namespace ModelCollapse.Tests.Sampling;

/// <summary>What the filters leave of a distribution, against transformers' logits processors.</summary>
[Trait("kind", "golden")]
public class FilterGoldenTests
{
    [Fact]
    public void Every_case()
    {
        const string file = "filters/filters.json";
        using var tensors = new Safetensors(GoldenFolder.File("filters/filters.safetensors"));
        using var logits = tensors.Read("logits");
        using var previous = tensors.Read("previous_ids");
        var (rows, vocabulary, seen) = ((int)logits.shape[0], (int)logits.shape[1], (int)previous.shape[1]);
        var scores = logits.data<float>().ToArray();
        var ids = previous.data<long>().Select(id => (int)id).ToArray();
        var (deviation, kept, cases) = (0.0, 0, 0);
        foreach (var @case in GoldenFolder.Json(file).GetProperty("cases").EnumerateObject())
        {
            var options = new DecodingOptions { Sample = true };
            foreach (var s in @case.Value.GetProperty("settings").EnumerateObject())
                options = s.Name switch
                {
                    "temperature" => options with { Temperature = s.Value.GetDouble() },
                    "top_k" => options with { TopK = s.Value.GetInt32() },
                    "top_p" => options with { TopP = s.Value.GetDouble() },
                    "min_p" => options with { MinP = s.Value.GetDouble() },
                    "typical_p" => options with { TypicalP = s.Value.GetDouble() },
                    "repetition_penalty" => options with { RepetitionPenalty = s.Value.GetDouble() },
                    _ => throw new InvalidOperationException($"The setting {s.Name} is not known to this test."),
                };
            using var expected = tensors.Read($"probabilities.{@case.Name}");
            var wanted = expected.data<float>().ToArray();
            var processors = ScoreProcessor.For(options);
            for (var row = 0; row < rows; row++)
            {
                var mine = scores.AsSpan(row * vocabulary, vocabulary).ToArray();
                foreach (var processor in processors) processor.Apply(mine, new(ids.AsSpan(row * seen, seen), 0, seen));
                kept += Math.Abs(mine.Count(s => !float.IsNegativeInfinity(s)) - @case.Value.GetProperty("kept_ids_per_row")[row].GetInt32());
                var found = Distribution.Softmax(mine);
                for (var i = 0; i < vocabulary; i++)
                {
                    deviation = Math.Max(deviation, Math.Abs(found[i] - wanted[row * vocabulary + i]));
                    if (found[i] > 0 != wanted[row * vocabulary + i] > 0) kept++;
                }
            }

            cases++;
        }

        Assert.NotEqual(0, cases);
        GoldenFolder.Report(file, $"probabilities of {cases} cases", deviation, 1e-6);
        GoldenFolder.Report(file, "ids kept by one side only", kept, 0);
    }
}
