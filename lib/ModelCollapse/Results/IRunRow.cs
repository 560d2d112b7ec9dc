using ModelCollapse.Generations;

namespace ModelCollapse.Results;

/// <summary>Something of one generation of one run.</summary>
public interface IRunRow
{
    /// <summary>Name of the recipe.</summary>
    string Recipe { get; }

    /// <summary>Name of the arm.</summary>
    string Arm { get; }

    /// <summary>Seed of the run.</summary>
    long Seed { get; }

    /// <summary>The generation: 0 is the fit to real data.</summary>
    int Generation { get; }
}
