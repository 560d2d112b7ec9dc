namespace ModelCollapse.Store;

/// <summary>All runs below one folder: <c>&lt;recipe&gt;/&lt;arm&gt;/seed-&lt;k&gt;/generation-&lt;t&gt;/</c>.</summary>
/// <param name="root">The folder; need not exist.</param>
public sealed class RunStore(string root)
{
    /// <summary>Full path of the folder.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The folder of one arm and seed, whether it exists or not.</summary>
    public RunFolder Run(string recipe, string arm, long seed)
    {
        foreach (var name in (string[])[recipe, arm])
            if (!PlainName.Is(name)) throw new ArgumentException($"'{name}' is not a plain name.");
        return new(Path.Combine(Root, recipe, arm, FormattableString.Invariant($"seed-{seed}")));
    }

    /// <summary>Every run that was begun in this folder or any below it, sorted by path.</summary>
    /// <exception cref="InputException">The folder does not exist.</exception>
    public IReadOnlyList<RunFolder> Runs()
    {
        if (!Directory.Exists(Root)) throw new InputException($"There is no folder {Root}: give the output folder of a run.");
        return [.. Find(Root).Select(folder => new RunFolder(folder))];
    }

    // Does not look inside a run, whose folders may be renamed at any moment.
    static IEnumerable<string> Find(string folder) => File.Exists(Path.Combine(folder, RunDescription.FileName))
        ? [folder]
        : Directory.EnumerateDirectories(folder).Where(f => Path.GetFileName(f) != SharedGeneration0.FolderName).Order(StringComparer.Ordinal).SelectMany(Find);
}
