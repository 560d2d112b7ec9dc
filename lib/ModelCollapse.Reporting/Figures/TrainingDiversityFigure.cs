using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Reporting.Figures;

/// <summary>Four measures of how varied the text is that each generation was trained on.</summary>
[Kind("training-diversity")]
sealed class TrainingDiversityFigure : IRunFigure
{
    public int Order => 90;

    public IEnumerable<Figure> Of(RunResults part) => DiversityFigure.Of(part, "training-diversity", "diversity of each generation's training text", MetricLabel.TrainingDiversity,
        "How varied each generation's training text is, over samples of equal size: different pairs of tokens, repeated runs of four tokens, different tokens, and their entropy. Generation 0 is trained on real text. ");
}
