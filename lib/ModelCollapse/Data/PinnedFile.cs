namespace ModelCollapse.Data;

/// <summary>One published file at a pinned revision, and what is known of its content.</summary>
public sealed record PinnedFile
{
    /// <summary>Where it goes, relative to the <see cref="DataFolder"/>, with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Where its publisher has it; names a revision, so the content never changes.</summary>
    public required Uri Url { get; init; }

    /// <summary>Bytes; null where not known.</summary>
    public long? Size { get; init; }

    /// <summary>SHA-256 (lower-case hexadecimal) of the file; null where not known.</summary>
    public string? Sha256 { get; init; }

    /// <summary>For a gzip file: SHA-256 of what it holds, so that a copy that was compressed otherwise is as good; null otherwise.</summary>
    public string? UnpackedSha256 { get; init; }

    /// <summary>For a Parquet file of WikiText: SHA-256 of the text that its rows make; null otherwise.</summary>
    public string? TextSha256 { get; init; }

    /// <summary>A plain text file with the text of <see cref="TextSha256"/> that makes this one unnecessary, relative to the data folder; null for none.</summary>
    public string? PlainText { get; init; }
}

/// <summary>What <c>collapse fetch</c> gets under one name.</summary>
/// <param name="Name">The name.</param>
/// <param name="About">What it is, with its licence.</param>
/// <param name="Files">Its files.</param>
public sealed record PinnedDataset(string Name, string About, IReadOnlyList<PinnedFile> Files);
