using Microsoft.Data.Analysis;
using ModelCollapse.ClosedForm.Laws;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Results;

/// <summary>
/// Results, cost, laws and verdicts as tidy tables, one observation in each row, to filter, group and join. <see cref="FrameCsv"/> writes them to a file and
/// reads them back.
/// </summary>
public static class ResultFrames
{
    extension(RunResults results)
    {
        /// <summary>
        /// All numbers: recipe, arm, its label and control (null for a control), its level of each factor (null where it does not have the factor), seed,
        /// generation, metric, unit (null for none), value.
        /// </summary>
        public DataFrame ToDataFrame()
        {
            var units = results.Metrics.Select(m => m.Metric).Distinct().ToDictionary(m => m, m => results.Describe(m)?.Unit is { Length: > 0 } unit ? unit : null);
            return new(
            [
                .. RunColumns(results, results.Metrics),
                Texts("metric", results.Metrics.Select(m => m.Metric.ToString())), Texts("unit", results.Metrics.Select(m => units[m.Metric])), Numbers("value", results.Metrics.Select(m => m.Value)),
            ]);
        }

        /// <summary>All costs: the columns of the run as in <see cref="ToDataFrame(RunResults)"/>, then phase, unit, value.</summary>
        public DataFrame CostsToDataFrame() => new(
        [
            .. RunColumns(results, results.Costs),
            Texts("phase", results.Costs.Select(c => c.Phase)), Texts("unit", results.Costs.Select(c => c.Unit)), Numbers("value", results.Costs.Select(c => c.Value)),
        ]);
    }

    /// <summary>Laws, a row for each place at which one was measured: law, kind, source, setting, repetitions, x, predicted, measured, standardError.</summary>
    /// <param name="laws">The laws.</param>
    public static DataFrame ToDataFrame(this IEnumerable<LawRow> laws)
    {
        (LawRow Law, LawPoint Point)[] rows = [.. from law in laws from point in law.Points select (law, point)];
        return new(
        [
            Texts("law", rows.Select(r => r.Law.Law)), Texts("kind", rows.Select(r => r.Law.Kind.ToString())), Texts("source", rows.Select(r => r.Law.Source)),
            Texts("setting", rows.Select(r => r.Law.Setting)), Whole("repetitions", rows.Select(r => (long)r.Law.Repetitions)), Numbers("x", rows.Select(r => r.Point.X)),
            Numbers("predicted", rows.Select(r => r.Point.Predicted)), Numbers("measured", rows.Select(r => r.Point.Measured)), Numbers("standardError", rows.Select(r => r.Point.StandardError)),
        ]);
    }

    /// <summary>Verdicts of claims: claim, source, statement, recipe (null where no run decides), quantity, outcome, reason, value, low, high, seeds, p, holmP.</summary>
    /// <param name="verdicts">The verdicts.</param>
    public static DataFrame ToDataFrame(this IEnumerable<Verdict> verdicts)
    {
        Verdict[] rows = [.. verdicts];
        return new(
        [
            Texts("claim", rows.Select(v => v.Claim.Id)), Texts("source", rows.Select(v => v.Claim.Source)), Texts("statement", rows.Select(v => v.Claim.Statement)),
            Texts("recipe", rows.Select(v => v.Recipe)), Texts("quantity", rows.Select(v => v.Quantity)), Texts("outcome", rows.Select(v => v.InWords)), Texts("reason", rows.Select(v => v.Reason)),
            Numbers("value", rows.Select(v => v.Value)), Numbers("low", rows.Select(v => v.Low)), Numbers("high", rows.Select(v => v.High)),
            Whole("seeds", rows.Select(v => (long)v.Seeds)), Numbers("p", rows.Select(v => v.P)), Numbers("holmP", rows.Select(v => v.HolmP)),
        ]);
    }

    /// <summary>Which run and generation each row belongs to.</summary>
    static IEnumerable<DataFrameColumn> RunColumns(RunResults results, IReadOnlyList<IRunRow> rows)
    {
        var known = results.Recipes.SelectMany(recipe => results.Arms(recipe).Select(arm => (recipe, arm))).ToDictionary(a => (a.recipe, a.arm.Name), a => a.arm);
        ArmInfo[] arms = [.. rows.Select(r => known.GetValueOrDefault((r.Recipe, r.Arm)) ?? ArmInfo.Unknown(r.Arm))];
        yield return Texts("recipe", rows.Select(r => r.Recipe));
        yield return Texts("arm", rows.Select(r => r.Arm));
        yield return Texts("label", arms.Select(a => a.Label));
        yield return Texts("control", arms.Select(a => a.Control));
        foreach (var factor in known.Values.SelectMany(a => a.Factors.Keys).Distinct()) yield return Texts(FactorColumn(factor), arms.Select(a => a[factor]));
        yield return Whole("seed", rows.Select(r => r.Seed));
        yield return Whole("generation", rows.Select(r => (long)r.Generation));
    }

    static readonly string[] Columns = ["recipe", "arm", "label", "control", "seed", "generation", "metric", "phase", "unit", "value"];

    /// <summary>A factor that is called as a column is gets another name.</summary>
    static string FactorColumn(string factor) => Columns.Contains(factor) ? $"factor {factor}" : factor;

    static StringDataFrameColumn Texts(string name, IEnumerable<string?> values) => new(name, values);

    static Int64DataFrameColumn Whole(string name, IEnumerable<long> values) => new(name, values);

    static DoubleDataFrameColumn Numbers(string name, IEnumerable<double> values) => new(name, values);
}
