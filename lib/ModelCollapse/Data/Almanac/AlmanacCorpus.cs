using System.Security.Cryptography;
using System.Text;

namespace ModelCollapse.Data.Almanac;

/// <summary>The Almanac as a corpus: its three splits are independent draws from one distribution, made in memory when they are asked for.</summary>
/// <param name="world">The world.</param>
public sealed class AlmanacCorpus(AlmanacWorld world) : ICorpus
{
    readonly Dictionary<string, string[]> splits = [];

    /// <summary>The world that it tells of.</summary>
    public AlmanacWorld World => world;

    /// <inheritdoc/>
    public string Name => "almanac";

    /// <inheritdoc/>
    public IReadOnlyList<string> Documents(string? split)
    {
        var options = world.Options;
        var articles = split switch
        {
            "train" => options.TrainArticles,
            "valid" => options.ValidArticles,
            "test" => options.TestArticles,
            _ => throw new InputException($"The Almanac has no split '{split}': choose train, valid or test."),
        };
        return splits.TryGetValue(split, out var found) ? found
            : splits[split] = [.. new AlmanacWriter(world).Articles(Seeds.Derive(options.Seed, 0, $"almanac {split}")).Take(articles).Select(a => a.Text)];
    }

    /// <inheritdoc/>
    public string Hash(string? split) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Documents(split)))));
}
