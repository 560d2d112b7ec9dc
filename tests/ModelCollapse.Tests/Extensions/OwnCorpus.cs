using System.Security.Cryptography;
using System.Text;
using ModelCollapse.Data;

namespace ModelCollapse.Tests.Extensions;

/// <summary>A corpus from another assembly than the library: one file.</summary>
[Kind("own-corpus")]
public sealed record OwnCorpus : CorpusSource, ICorpus
{
    /// <summary>Documents of each split.</summary>
    public int Count { get; init; } = 200;

    public string Name => "own-corpus";

    public override ICorpus Open(DataFolder folder) => this;

    public IReadOnlyList<string> Documents(string? split) =>
        [.. Enumerable.Range(0, Count).Select(i => $"In {split} {i} the {(i % 3 == 0 ? "red" : "blue")} fox met {i % 7} hens and {i % 5} ducks by the river.\n")];

    public string Hash(string? split) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Documents(split)))));
}
