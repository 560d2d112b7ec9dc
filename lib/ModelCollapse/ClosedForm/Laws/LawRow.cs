namespace ModelCollapse.ClosedForm.Laws;

/// <summary>One law beside its measurement, at one place or along a curve; the numbers of the row are those at its last place.</summary>
/// <param name="Law">The law as a formula.</param>
/// <param name="Source">Where it is printed.</param>
/// <param name="Kind">What the prediction claims.</param>
/// <param name="Setting">Model, policy and sizes.</param>
/// <param name="Points">Prediction and measurement at each place, in order; at least one.</param>
/// <param name="Repetitions">Number of repetitions.</param>
public sealed record LawRow(string Law, string Source, LawKind Kind, string Setting, IReadOnlyList<LawPoint> Points, int Repetitions)
{
    /// <summary>By the law.</summary>
    public double Predicted => Points[^1].Predicted;

    /// <summary>Mean over repetitions.</summary>
    public double Measured => Points[^1].Measured;

    /// <summary>Of that mean.</summary>
    public double StandardError => Points[^1].StandardError;

    /// <summary>Measured over predicted, minus 1.</summary>
    public double RelativeError => Measured / Predicted - 1;

    /// <summary>Distance in standard errors.</summary>
    public double Z => (Measured - Predicted) / StandardError;
}

/// <summary>A law and its measurement at one place.</summary>
/// <param name="X">The place: the number of the fit, counted from 1, unless the setting says otherwise.</param>
/// <param name="Predicted">By the law.</param>
/// <param name="Measured">Mean over repetitions.</param>
/// <param name="StandardError">Of that mean.</param>
public readonly record struct LawPoint(double X, double Predicted, double Measured, double StandardError);

/// <summary>What a prediction claims.</summary>
public enum LawKind
{
    /// <summary>The expected value itself: the measurement lies within a few standard errors.</summary>
    Exact,

    /// <summary>The first terms of a series: an error of second order remains.</summary>
    FirstOrder,

    /// <summary>Known here from secondary sources or an abstract only (literature.md, grades S and A): tested, not presumed.</summary>
    Conjecture,
}
