using SkiaSharp;

namespace ModelCollapse.Tests.Reporting;

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

    /// <summary>Mean difference of two pictures of the same size, 0 for none to 1 for black and white.</summary>
    public static double Difference(byte[] file, byte[] other)
    {
        using var a = SKBitmap.Decode(file);
        using var b = SKBitmap.Decode(other);
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        return a.Pixels.Zip(b.Pixels, (p, q) => (Math.Abs(p.Red - q.Red) + Math.Abs(p.Green - q.Green) + Math.Abs(p.Blue - q.Blue)) / 765.0).Average();
    }
}
