namespace ModelCollapse.ClosedForm.Laws;

/// <summary>
/// Every law of this folder beside what the recursive loop measures: the same loop, policies and metrics that carry language models.
/// Printed by the tests and shown in notebook 02.
/// </summary>
public static class LawTable
{
    /// <summary>Measures every law.</summary>
    /// <param name="seed">Decides every number.</param>
    /// <param name="size">Factor on the numbers of repetitions; 1 takes seconds. Range: above 0.</param>
    /// <param name="cancellation">Stops between two generations.</param>
    public static async IAsyncEnumerable<LawRow> MeasureAsync(
        long seed, double size = 1, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var laboratory = new Laboratory(seed, size, cancellation);
        foreach (var family in (IAsyncEnumerable<LawRow>[])[
            MeasuredGaussians.RowsAsync(laboratory), MeasuredRealData.RowsAsync(laboratory), MeasuredDensities.RowsAsync(laboratory),
            MeasuredDiscrete.RowsAsync(laboratory), MeasuredRegressions.RowsAsync(laboratory)])
            await foreach (var row in family) yield return row;
        foreach (var row in MeasuredSelection.Rows(laboratory)) yield return row;
    }
}
