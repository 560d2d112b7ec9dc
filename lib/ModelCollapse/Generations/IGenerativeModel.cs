using ModelCollapse.Provenance;

namespace ModelCollapse.Generations;

/// <summary>
/// Anything that can be fitted to samples and sampled from: a Gaussian, a mixture, a histogram, a language model. The
/// recursive loop (<c>RecursiveExperiment</c>) knows nothing else about a model.
/// </summary>
/// <typeparam name="TSample">One sample.</typeparam>
public interface IGenerativeModel<TSample>
{
    /// <summary>Fits the model to <paramref name="data"/>, starting from its present parameters. Afterwards it behaves as if it had been saved and loaded.</summary>
    void Fit(Dataset<TSample> data, FitOptions options);

    /// <summary>Draws <paramref name="count"/> new samples, each with a synthetic origin whose prompt is an index into the prompts given.</summary>
    Dataset<TSample> Sample(int count, SampleOptions<TSample> options);

    /// <summary>Writes everything that <see cref="Load"/> needs into an existing, empty folder.</summary>
    void Save(string folder);

    /// <summary>Takes over the parameters that <see cref="Save"/> wrote. From then on the model behaves bit for bit like a new one that loaded the same folder.</summary>
    /// <exception cref="InputException">The folder does not hold a whole checkpoint of this model.</exception>
    void Load(string folder);
}

/// <summary>What one fit needs beside the data.</summary>
/// <param name="Generation">The generation that this fit makes: 0 is the fit to real data.</param>
/// <param name="Seed">Decides every random choice of the fit (shuffling, dropout).</param>
/// <param name="Progress">Told how the fit goes on; may be null.</param>
/// <param name="Cancellation">Stops the fit between two steps.</param>
/// <param name="Meter">Counts what the fit consumes, in <c>tokens</c>, <c>steps</c> and <c>FLOPs</c> for example; may be null.</param>
public sealed record FitOptions(int Generation, long Seed, IProgress<WorkProgress>? Progress = null, CancellationToken Cancellation = default, Meter? Meter = null);

/// <summary>What one sampling call needs beside the number of samples.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
/// <param name="Generation">The generation of the model that is sampled.</param>
/// <param name="Seed">Decides every random choice of the call.</param>
/// <param name="Prompts">Samples to continue, used in order and again from the first; null where the model needs none.</param>
/// <param name="Progress">Told how the sampling goes on; may be null.</param>
/// <param name="Cancellation">Stops the call between two batches.</param>
/// <param name="Meter">Counts what the call consumes, in <c>tokens</c> and <c>FLOPs</c> for example; may be null.</param>
public sealed record SampleOptions<TSample>(
    int Generation, long Seed, Dataset<TSample>? Prompts = null,
    IProgress<WorkProgress>? Progress = null, CancellationToken Cancellation = default, Meter? Meter = null);
