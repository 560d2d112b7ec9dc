using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Reporting.Figures;

/// <summary>
/// A figure of every recipe that has the data for it. A type that implements this, has a <see cref="KindAttribute"/> and a constructor without parameters, and whose
/// assembly is <see cref="Kinds.Register">registered</see>, is drawn with all others: in the report, in exports, by <c>--figures</c>.
/// </summary>
[KindFamily]
public interface IRunFigure
{
    /// <summary>Its place among the figures, smallest first; those of this project have 10, 20, 30, …</summary>
    int Order { get; }

    /// <summary>Draws it.</summary>
    /// <param name="part">Results of one recipe, arms in the order in which they began.</param>
    /// <returns>The figure, or several; none where the data are missing. Each name begins with the recipe's.</returns>
    IEnumerable<Figure> Of(RunResults part);
}
