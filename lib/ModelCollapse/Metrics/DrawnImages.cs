namespace ModelCollapse.Metrics;

/// <summary>Square grey images.</summary>
/// <param name="Pixels">The pixels of each image by row, 0 for paper to 255 for ink; base64 in JSON.</param>
public sealed record DrawnImages(IReadOnlyList<byte[]> Pixels)
{
    /// <summary>The file of a generation that holds them.</summary>
    public const string FileName = "images.json";
}
