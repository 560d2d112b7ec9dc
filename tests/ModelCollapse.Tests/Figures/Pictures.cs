using SkiaSharp;

namespace ModelCollapse.Tests.Figures;

/// <summary>What is in a picture.</summary>
static class Pictures
{
    /// <summary>Number of different colours.</summary>
    public static int Colors(byte[] file)
    {
        using var bitmap = SKBitmap.Decode(file);
        return bitmap.Pixels.Distinct().Count();
    }

    /// <summary>Share of the pixels with a colour, <c>#RRGGBB</c>.</summary>
    public static double Share(byte[] file, string color)
    {
        using var bitmap = SKBitmap.Decode(file);
        var wanted = SKColor.Parse(color);
        return (double)bitmap.Pixels.Count(p => p == wanted) / bitmap.Pixels.Length;
    }
}
