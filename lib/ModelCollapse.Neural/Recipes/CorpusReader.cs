using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;

namespace ModelCollapse.Recipes;

/// <summary>Opens the corpus of a recipe.</summary>
public static class CorpusReader
{
    /// <summary>The corpus that a recipe's <c>data</c> names.</summary>
    /// <param name="section">The recipe's data section.</param>
    /// <param name="folder">Where the published corpora are.</param>
    public static ICorpus Open(DataSection section, DataFolder folder) => section.Corpus switch
    {
        Corpus.WikiText2Raw => new WikiText2(folder.PathOf("wikitext-2"), WikiTextVersion.Raw),
        Corpus.WikiText2Tokens => new WikiText2(folder.PathOf("wikitext-2"), WikiTextVersion.Tokens),
        Corpus.Almanac => new AlmanacCorpus(AlmanacWorld.Of(section.Almanac ?? new())),
        Corpus.Folder => new TextFolder(section.Folder ?? throw new InputException("The corpus 'folder' needs 'data.folder'.")),
        _ => throw new ArgumentOutOfRangeException(nameof(section), section.Corpus, "An unknown corpus."),
    };

    /// <summary>How a recipe's <c>data</c> cuts text into blocks.</summary>
    public static TokenBlockOptions BlockOptions(DataSection section) => new()
    {
        Length = section.BlockLength,
        Remainder = section.Remainder,
        PerLineSpecials = section.PerLineSpecials,
        MapProcesses = section.MapProcesses ?? 1,
    };
}
