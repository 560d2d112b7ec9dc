using ModelCollapse.Metrics;
using ModelCollapse.Results;

namespace ModelCollapse.Reporting;

/// <summary>Figures of models of images.</summary>
public static class ImageFigures
{
    /// <summary>Spread of what each generation draws, in the latent space of VAE 0.</summary>
    public static MetricLabel Deviation => MetricLabel.ImageDeviation;

    /// <summary>Loss on real test images.</summary>
    public static MetricLabel Loss => MetricLabel.ImageLoss;

    /// <summary>What the generations of one run drew, a panel for each: the same number of images in all, in rows.</summary>
    /// <param name="results">Results with images.</param>
    /// <param name="arm">Name of the arm.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="images">Images of each generation, from the first; all where there are fewer.</param>
    /// <param name="columns">Images in a row.</param>
    /// <param name="generations">Which generations; all if none is given.</param>
    /// <exception cref="InputException">The results have no such images.</exception>
    public static Figure Drawn(RunResults results, string arm, long seed, int images = 4, int columns = 2, params IReadOnlyList<int> generations)
    {
        Artifact<DrawnImages>[] rows =
        [
            .. results.Artifacts<DrawnImages>(DrawnImages.FileName).Where(i => i.Arm == arm && i.Seed == seed && (generations.Count == 0 || generations.Contains(i.Generation))).OrderBy(i => i.Generation),
        ];
        if (rows.Length == 0) throw new InputException($"The results have no images of arm {arm} and seed {seed}: give those of a recipe of images.");
        return new($"{rows[0].Recipe}-{arm}-images", $"What arm {arm} draws, seed {seed}",
            [.. rows.Select(row => new Panel($"generation {row.Generation}", new(""), new(""), [Mosaic([.. row.Value.Pixels.Take(images)], columns)]))])
        { SharedAxes = true };
    }

    /// <summary>Images beside and below each other, the first at the top left; ten levels of ink are enough for the eye, and keep notebooks small.</summary>
    static HeatMapSeries Mosaic(IReadOnlyList<byte[]> images, int columns)
    {
        var side = (int)Math.Sqrt(images[0].Length);
        var (rows, width) = ((images.Count + columns - 1) / columns, columns * side);
        var values = Enumerable.Range(0, rows * side).Reverse().Select(y => (IReadOnlyList<double>)[.. Enumerable.Range(0, width).Select(x => Pixel(x, y))]).ToArray();
        return new("ink", [.. Enumerable.Range(0, width + 1).Select(x => (double)x)], [.. Enumerable.Range(0, (rows * side) + 1).Select(y => (double)y)], values);

        double Pixel(int x, int y)
        {
            var index = (y / side * columns) + (x / side);
            return index < images.Count ? Math.Round(images[index][(y % side * side) + (x % side)] / 255.0, 1) : double.NaN;
        }
    }
}
