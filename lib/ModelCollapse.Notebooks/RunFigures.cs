using ModelCollapse.Runs;

namespace ModelCollapse.Notebooks;

/// <summary>Figures of runs.</summary>
public static class RunFigures
{
    /// <summary>Writes them.</summary>
    public static IReadOnlyList<string> Write(RunResults results, string folder) => [];
}
