using ModelCollapse.Provenance;

namespace ModelCollapse.ClosedForm;

/// <summary>The two-dimensional shapes on which Kazdan, Schaeffer et al. refit kernel densities (literature.md, Kazdan et al. 2024).</summary>
public enum PlanarShape
{
    /// <summary>Three round clusters.</summary>
    Blobs,

    /// <summary>Two circles around one centre.</summary>
    Circles,

    /// <summary>Two half circles that reach into each other.</summary>
    Moons,

    /// <summary>A spiral.</summary>
    SwissRoll,
}

/// <summary>Draws the shapes.</summary>
public static class PlanarShapes
{
    const double Noise = 0.1;

    /// <summary>Points on a shape, each with a little noise, in a square of about ±3.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="count">Number of points.</param>
    /// <param name="seed">Decides them.</param>
    public static Dataset<double[]> Draw(this PlanarShape shape, int count, long seed)
    {
        var random = Seeds.NewRandom(seed);
        var noise = new double[2 * count];
        StandardNormal.Fill(noise, seed);
        return Dataset<double[]>.Human(Enumerable.Range(0, count).Select(i =>
        {
            var (part, u) = (random.Next(6), random.NextDouble());
            var (x, y, width) = shape switch
            {
                PlanarShape.Blobs => (2 * Math.Cos(Math.Tau * (part % 3) / 3), 2 * Math.Sin(Math.Tau * (part % 3) / 3), 3 * Noise),
                PlanarShape.Circles => ((part % 2 + 1) * 1.2 * Math.Cos(Math.Tau * u), (part % 2 + 1) * 1.2 * Math.Sin(Math.Tau * u), Noise),
                PlanarShape.Moons => part % 2 == 0 ? (2 * Math.Cos(Math.PI * u) - 1, 2 * Math.Sin(Math.PI * u) - 0.5, Noise) : (1 - 2 * Math.Cos(Math.PI * u), 0.5 - 2 * Math.Sin(Math.PI * u), Noise),
                PlanarShape.SwissRoll => ((0.5 + 2 * u) * Math.Cos(1.5 * Math.Tau * u), (0.5 + 2 * u) * Math.Sin(1.5 * Math.Tau * u), Noise),
                _ => throw new ArgumentOutOfRangeException(nameof(shape)),
            };
            return (double[])[x + width * noise[2 * i], y + width * noise[2 * i + 1]];
        }), shape.ToString());
    }
}
