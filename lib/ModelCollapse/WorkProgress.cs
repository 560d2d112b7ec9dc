namespace ModelCollapse;

/// <summary>How far a piece of long work is.</summary>
/// <param name="What">The work in a word: <c>fit</c>, <c>sample</c>, <c>evaluate</c>.</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all.</param>
/// <param name="Unit">The unit, for example <c>tokens</c>.</param>
/// <param name="Elapsed">Time since the work began.</param>
/// <param name="Note">A current value worth showing, for example <c>loss 3.21</c>; empty where there is none.</param>
public sealed record WorkProgress(string What, long Done, long Total, string Unit, TimeSpan Elapsed, string Note = "")
{
    /// <summary>Units per second so far.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Done / Elapsed.TotalSeconds : 0;

    /// <summary>Estimated time to the end, at the rate so far.</summary>
    public TimeSpan Left => Rate > 0 ? TimeSpan.FromSeconds((Total - Done) / Rate) : TimeSpan.Zero;
}
