using MathNet.Numerics;
using ModelCollapse.Statistics;

namespace ModelCollapse.Monitoring;

/// <summary>
/// Bayesian online change-point detection (Adams and MacKay, arXiv 0710.3742, algorithm 1) for normal values of unknown mean and variance: the
/// probability of each length of the current run. After a change it moves to short runs within a few values.
/// </summary>
/// <remarks>Exact: time and memory of a step grow with the number of values seen.</remarks>
/// <param name="options">Prior and hazard.</param>
public sealed class BayesianChangePoint(BayesianChangePointOptions options)
{
    double[] posterior = [1];
    Run[] runs = [new(options.PriorMean, options.PriorMeanStrength, options.PriorShape, options.PriorScale)];

    /// <summary>Probability of each run length: 0 means that the next value starts a new run, so its probability is always 1 / hazard.</summary>
    public IReadOnlyList<double> RunLengths => posterior;

    /// <summary>The most probable run length, the shortest on a tie.</summary>
    public int MostProbableRunLength => Array.IndexOf(posterior, posterior.Max());

    /// <summary>The expected run length.</summary>
    public double MeanRunLength => posterior.Select((p, r) => p * r).Sum();

    /// <summary>Takes the next value.</summary>
    /// <param name="value">A finite number.</param>
    /// <returns>ln p(value | values before): a value that no run expects is very negative.</returns>
    public double Update(double value)
    {
        value.Finite();
        var hazard = 1 / options.ExpectedRunLength;
        double[] logs = [.. posterior.Zip(runs, (p, run) => Math.Log(p) + run.LogPredictive(value))];
        var evidence = Vectors.LogSumExp(logs);
        posterior = [hazard, .. logs.Select(l => Math.Exp(l - evidence) * (1 - hazard))];
        runs = [new(options.PriorMean, options.PriorMeanStrength, options.PriorShape, options.PriorScale), .. runs.Select(r => r.With(value))];
        return evidence;
    }

    /// <summary>Normal-inverse-gamma parameters after the values of a run.</summary>
    readonly record struct Run(double Mean, double Kappa, double Alpha, double Beta)
    {
        /// <summary>Logarithm of Student's t density with 2α degrees of freedom and squared scale β (κ + 1) / (α κ).</summary>
        public double LogPredictive(double x)
        {
            var (freedom, square) = (2 * Alpha, Beta * (Kappa + 1) / (Alpha * Kappa));
            return SpecialFunctions.GammaLn((freedom + 1) / 2) - SpecialFunctions.GammaLn(freedom / 2) - Math.Log(freedom * Math.PI * square) / 2
                - (freedom + 1) / 2 * Math.Log(1 + (x - Mean) * (x - Mean) / (freedom * square));
        }

        public Run With(double x) => new(
            (Kappa * Mean + x) / (Kappa + 1), Kappa + 1, Alpha + 0.5, Beta + Kappa * (x - Mean) * (x - Mean) / (2 * (Kappa + 1)));
    }
}

/// <summary>Prior and hazard of <see cref="BayesianChangePoint"/>.</summary>
public sealed record BayesianChangePointOptions
{
    /// <summary>Expected length of a run; its inverse is the hazard. Range: above 1.</summary>
    public double ExpectedRunLength { get; init; } = 100;

    /// <summary>Prior mean μ₀.</summary>
    public double PriorMean { get; init; }

    /// <summary>How many values the prior mean is worth, κ₀. Range: above 0.</summary>
    public double PriorMeanStrength { get; init; } = 1;

    /// <summary>Shape α₀ of the prior of the variance. Range: above 0.</summary>
    public double PriorShape { get; init; } = 1;

    /// <summary>Scale β₀ of the prior of the variance. Range: above 0.</summary>
    public double PriorScale { get; init; } = 1;
}
