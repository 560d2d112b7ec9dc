using CsCheck;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Metrics;

public class CopiedTextTests
{
    /// <summary>Few tokens, so that there is much to be found; empty texts too.</summary>
    static readonly Gen<int[][]> Texts = Gen.Int[0, 2].Array[0, 12].Array[1, 6];

    [Fact]
    public void Copies_are_those_that_a_search_through_everything_finds() => Gen.Select(Texts, Texts, Texts, Gen.Int[1, 5]).Sample((own, training, real, n) =>
    {
        var numbers = Measure(n, own, training, real);
        foreach (var (name, source) in new[] { ("training", training), ("real", real) })
        {
            int[][] grams = [.. own.SelectMany(text => Windows(text, n))];
            if (grams.Length == 0) Assert.False(numbers.ContainsKey(name));
            else Assert.Equal(grams.Average(g => Occurs(g, source) ? 1.0 : 0), numbers[name], 1e-12);
            var longest = own.Average(text => Enumerable.Range(1, text.Length).Where(length => Windows(text, length).Any(w => Occurs(w, source))).DefaultIfEmpty(0).Max());
            Assert.Equal(longest, numbers[$"longest-{name}"], 1e-12);
        }

        Assert.Equal(own.Length, numbers["blocks"]);
    }, iter: 400, threads: 1);

    [Fact]
    public void A_copy_of_a_training_text_is_copied_whole_and_none_runs_from_one_text_into_the_next()
    {
        int[][] training = [[.. Enumerable.Range(0, 20)], [.. Enumerable.Range(100, 20)]];
        var numbers = Measure(8, [training[1], [.. Enumerable.Range(15, 5), .. Enumerable.Range(100, 5)]], training, [[1, 2]]);
        Assert.Equal(13.0 / (13 + 3), numbers["training"]);
        Assert.Equal((20 + 5) / 2.0, numbers["longest-training"]);
        Assert.Equal((0, 0), (numbers["real"], numbers["longest-real"]));
    }

    static IEnumerable<int[]> Windows(int[] text, int length) => Enumerable.Range(0, Math.Max(0, text.Length - length + 1)).Select(i => text[i..(i + length)]);

    static bool Occurs(int[] gram, int[][] texts) => texts.Any(text => Windows(text, gram.Length).Any(w => w.SequenceEqual(gram)));

    static IReadOnlyDictionary<NumberKey, double> Measure(int n, int[][] own, int[][] training, int[][] real) =>
        new CopiedText { N = n }.Measure(new(() => throw new InvalidOperationException(), "")
        {
            Generation = 1, Seed = 0, Model = null!, TrainingSet = Dataset<int[]>.Human(training, ""), Synthetic = Dataset<int[]>.Empty, Real = Dataset<int[]>.Human(real, ""),
            OwnText = Dataset<int[]>.Human(own, ""),
        });
}
