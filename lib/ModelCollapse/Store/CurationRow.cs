using ModelCollapse.Provenance;

namespace ModelCollapse.Store;

/// <summary>One decision of a curator, as a row of <c>curation.parquet</c>: what became of an item, by what score and for which reason.</summary>
public sealed class CurationRow
{
    /// <summary>Name of the curator.</summary>
    public string Curator { get; set; } = "";

    /// <summary>The set it acted on: <c>real</c>, <c>synthetic</c> or <c>composed</c>.</summary>
    public string At { get; set; } = "";

    /// <summary>Place of the item in that set; −1 for an item that was made up.</summary>
    public int Index { get; set; }

    /// <summary>What became of it: <c>kept</c>, <c>dropped</c>, <c>edited</c>, <c>marked</c> or <c>planted</c>.</summary>
    public string Decision { get; set; } = "";

    /// <summary>What it was judged by; null for none.</summary>
    public double? Score { get; set; }

    /// <summary>Why, in a few words.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Kind of its true origin, whatever the curator saw.</summary>
    public string Origin { get; set; } = "";

    /// <summary>Its text; empty for samples that are no text.</summary>
    public string Text { get; set; } = "";

    /// <summary>The text that was put in its place; empty where there is none.</summary>
    public string After { get; set; } = "";

    /// <summary>Writes rows to a new file.</summary>
    internal static void Write(IReadOnlyList<CurationRow> rows, string path) => ParquetFile.Write(path, rows);

    /// <summary>Reads the rows of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static IReadOnlyList<CurationRow> Read(string path) => ParquetFile.Read<CurationRow>(path);
}
