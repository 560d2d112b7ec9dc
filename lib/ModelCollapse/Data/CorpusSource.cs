using ModelCollapse.Data.Almanac;

namespace ModelCollapse.Data;

/// <summary>Where a recipe's text comes from: <c>data.corpus</c>, by its kind and settings. A corpus of your own is one record with a <see cref="KindAttribute"/>, beside its <see cref="ICorpus"/>.</summary>
[KindFamily]
public abstract record CorpusSource
{
    /// <summary>Whether the corpus has the splits <c>train</c>, <c>valid</c> and <c>test</c>.</summary>
    public virtual bool HasSplits => true;

    /// <summary>Opens the corpus. Text is read when it is asked for.</summary>
    /// <param name="folder">Where published corpora are.</param>
    /// <exception cref="InputException">A setting cannot be used.</exception>
    public abstract ICorpus Open(DataFolder folder);

    /// <summary>The same with full paths, for whoever goes on elsewhere.</summary>
    public virtual CorpusSource WithFullPaths() => this;
}

/// <summary>WikiText-2 without <c>&lt;unk&gt;</c>, <c>wikitext-2-raw-v1</c>: what the code of Shumailov et al. 2024 loads.</summary>
[Kind("wikitext-2-raw")]
public sealed record WikiText2Raw : CorpusSource
{
    /// <inheritdoc/>
    public override ICorpus Open(DataFolder folder) => new WikiText2(folder.PathOf("wikitext-2"), WikiTextVersion.Raw);
}

/// <summary>WikiText-2 with a vocabulary of 33,278 words and <c>&lt;unk&gt;</c>.</summary>
[Kind("wikitext-2-tokens")]
public sealed record WikiText2Tokens : CorpusSource
{
    /// <inheritdoc/>
    public override ICorpus Open(DataFolder folder) => new WikiText2(folder.PathOf("wikitext-2"), WikiTextVersion.Tokens);
}

/// <summary>An invented country whose facts are known, made in memory.</summary>
[Kind("almanac")]
public sealed record AlmanacSource : CorpusSource
{
    /// <summary>The world.</summary>
    public AlmanacOptions World { get; init; } = new();

    /// <inheritdoc/>
    public override ICorpus Open(DataFolder folder)
    {
        World.Check();
        return new AlmanacCorpus(AlmanacWorld.Of(World));
    }
}

/// <summary>A folder of plain text files.</summary>
/// <param name="Path">The folder; relative to where the program is started.</param>
[Kind("folder")]
public sealed record FolderSource(string Path) : CorpusSource
{
    /// <inheritdoc/>
    public override bool HasSplits => false;

    /// <inheritdoc/>
    public override ICorpus Open(DataFolder folder) => new TextFolder(Path);

    /// <inheritdoc/>
    public override CorpusSource WithFullPaths() => new FolderSource(System.IO.Path.GetFullPath(Path));
}
