using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Metrics;

/// <summary>
/// How much of its own text a model has copied from what it was trained on: n-grams that occur there, and the longest run. Rises where the model passes from
/// generalisation to memorisation, as it does when the entropy of the training text falls (arXiv 2509.16499, abstract; literature.md, Other works).
/// </summary>
/// <remarks>Copies from the original real data are counted too, in every generation: a model may repeat people word by word without having read them itself.</remarks>
[Kind(MetricName)]
public sealed record CopiedText : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "copies";

    const string Source = "arXiv 2509.16499";

    static readonly MetricNumber[] Described =
    [
        new("training", "n-grams copied from the training set", "", UnderCollapse.Rises, Source),
        new("real", "n-grams copied from the original real data", "", UnderCollapse.Varies, Source),
        new("longest-training", "Longest run copied from the training set, mean over texts", "tokens", UnderCollapse.Rises, Source),
        new("longest-real", "Longest run copied from the original real data, mean over texts", "tokens", UnderCollapse.Varies, Source),
        new("blocks", "Texts measured", "texts", UnderCollapse.Varies, "definition"),
    ];

    // The real data are the same in all generations of a run.
    static readonly ConditionalWeakTable<Dataset<int[]>, CopiedRuns> OfReal = [];

    /// <summary>Length of an n-gram in tokens. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int N { get; init; } = 8;

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => Described;

    /// <inheritdoc/>
    public void Check(LoopSetting setting) => setting.CheckOwnText(MetricName);

    /// <summary>
    /// <c>training</c>, <c>real</c>: share of the n-grams of the own text, repeats included, that occur in a text of the training set or of the original real data;
    /// left out where no text is n tokens long. <c>longest-training</c>, <c>longest-real</c>: tokens of the longest run of a text that occurs there, mean over texts.
    /// Neither n-grams nor runs cross texts. <c>blocks</c>: texts measured.
    /// </summary>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> c)
    {
        var numbers = new Dictionary<NumberKey, double> { ["blocks"] = c.OwnText.Count };
        Add("training", new CopiedRuns(c.TrainingSet));
        Add("real", OfReal.GetValue(c.Real, real => new(real)));
        return numbers;

        void Add(string name, CopiedRuns runs)
        {
            int[][] lengths = [.. c.OwnText.Select(runs.LengthsIn)]; // a run of n tokens from a place is a copied n-gram at that place
            double grams = lengths.Sum(l => Math.Max(0, l.Length - N + 1));
            if (grams > 0) numbers[name] = lengths.Sum(l => l.Count(length => length >= N)) / grams;
            numbers[$"longest-{name}"] = lengths.Average(l => l.DefaultIfEmpty(0).Max());
        }
    }
}

/// <summary>Finds the runs of texts that occur in other texts: all suffixes of those, sorted.</summary>
sealed class CopiedRuns
{
    /// <summary>Ends each text, and is equal to no token id.</summary>
    const int End = -1;

    readonly int[] joined;
    readonly int[] places;

    /// <summary>Sorts the suffixes of some texts.</summary>
    /// <param name="texts">Token ids of each text. Range: at least 0.</param>
    public CopiedRuns(IEnumerable<int[]> texts)
    {
        joined = [.. texts.SelectMany(text => text.Append(End))];
        places = [.. Enumerable.Range(0, joined.Length).Where(i => joined[i] != End)];
        Array.Sort(places, (a, b) => Suffix(a).SequenceCompareTo(Suffix(b)));
    }

    /// <summary>For each place of a text the length of the longest run from there that occurs in one of the texts.</summary>
    /// <param name="text">Token ids.</param>
    public int[] LengthsIn(int[] text) => [.. Enumerable.Range(0, text.Length).Select(i => Longest(text.AsSpan(i)))];

    /// <summary>What stands from a place to the end of its text.</summary>
    ReadOnlySpan<int> Suffix(int place)
    {
        var rest = joined.AsSpan(place);
        return rest[..rest.IndexOf(End)];
    }

    /// <summary>The longest beginning of <paramref name="wanted"/> that begins a suffix: one of the two suffixes between which it would stand has it, and the search meets both.</summary>
    int Longest(ReadOnlySpan<int> wanted)
    {
        var (low, high, longest) = (0, places.Length, 0);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            var suffix = Suffix(places[middle]);
            longest = Math.Max(longest, suffix.CommonPrefixLength(wanted));
            if (suffix.SequenceCompareTo(wanted) < 0) low = middle + 1;
            else high = middle;
        }

        return longest;
    }
}
