using ModelCollapse.Store;

namespace ModelCollapse.Generations;

/// <summary>One finished generation.</summary>
/// <param name="Number">The generation: 0 is the fit to real data.</param>
/// <param name="Metrics">All numbers by full name, for example <c>perplexity.mean</c>, sorted by name.</param>
/// <param name="Folder">Its folder on disk; null where the run is kept in memory.</param>
/// <param name="Restored">Whether it was found finished instead of being computed now.</param>
public sealed record Generation(int Number, IReadOnlyDictionary<MetricKey, double> Metrics, string? Folder, bool Restored);
