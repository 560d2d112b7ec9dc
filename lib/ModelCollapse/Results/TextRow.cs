using System.Text.Json.Serialization;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Results;

/// <summary>A text that a generation wrote or was trained on.</summary>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Generation">The generation.</param>
/// <param name="Set">Which of its sets.</param>
/// <param name="Index">Place in the set.</param>
/// <param name="Text">The text.</param>
/// <param name="Origin">Kind of its origin: <c>Human</c>, <c>Synthetic</c>, <c>Edited</c>, <c>Poison</c> or <c>Unknown</c>.</param>
/// <param name="Prompt">Index of the prompt that it continues; null for none.</param>
public sealed record TextRow(string Recipe, string Arm, long Seed, int Generation, TextSet Set, int Index, string Text, string Origin, int? Prompt) : IRunRow
{
    /// <summary>The texts of a generation; none where its samples are no texts.</summary>
    internal static IEnumerable<TextRow> Of(RunFolder run, RunDescription description, int generation)
    {
        foreach (var set in Enum.GetValues<TextSet>())
        {
            var path = Path.Combine(run.GenerationPath(generation), FileOf(set));
            if (!File.Exists(path) || !ParquetFile.Columns(path).Contains(nameof(StoredSample.Text))) continue;
            foreach (var (index, sample) in ParquetFile.Read<StoredSample>(path).Index())
                if (sample.Text is { } text)
                    yield return new(description.Recipe, description.Arm, description.Seed, generation, set, index, text, sample.Origin ?? "", sample.Prompt is >= 0 ? sample.Prompt : null);
        }
    }

    static string FileOf(TextSet set) => set switch
    {
        TextSet.OwnText => RunFolder.OwnTextFile,
        TextSet.Samples => RunFolder.SamplesFile,
        _ => RunFolder.TrainingFile,
    };

    /// <summary>What of a stored sample is for a reader.</summary>
    sealed class StoredSample
    {
        public string? Text { get; set; }

        public string? Origin { get; set; }

        public int? Prompt { get; set; }
    }
}

/// <summary>A set of texts of a generation.</summary>
public enum TextSet
{
    /// <summary>What its model wrote from the held-out prompts.</summary>
    [JsonStringEnumMemberName("own-text")] OwnText,

    /// <summary>What its model wrote for the next generation.</summary>
    [JsonStringEnumMemberName("samples")] Samples,

    /// <summary>What it was trained on, where that is not what the generation before wrote.</summary>
    [JsonStringEnumMemberName("training")] Training,
}

/// <summary>Texts as <c>texts.parquet</c> holds them.</summary>
sealed class StoredText
{
    public string Recipe { get; set; } = "";

    public string Arm { get; set; } = "";

    public long Seed { get; set; }

    public int Generation { get; set; }

    public string Set { get; set; } = "";

    public int Index { get; set; }

    public string Text { get; set; } = "";

    public string Origin { get; set; } = "";

    public int? Prompt { get; set; }

    /// <summary>The names of the sets in files.</summary>
    static readonly (TextSet Set, string Name)[] Names = [(TextSet.OwnText, "own-text"), (TextSet.Samples, "samples"), (TextSet.Training, "training")];

    public static StoredText Of(TextRow row) => new()
    {
        Recipe = row.Recipe, Arm = row.Arm, Seed = row.Seed, Generation = row.Generation, Set = Names.First(n => n.Set == row.Set).Name,
        Index = row.Index, Text = row.Text, Origin = row.Origin, Prompt = row.Prompt,
    };

    public TextRow ToRow() => new(Recipe, Arm, Seed, Generation, Names.First(n => n.Name == Set).Set, Index, Text, Origin, Prompt);
}
