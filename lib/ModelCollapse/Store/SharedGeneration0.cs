using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelCollapse.Store;

/// <summary>
/// Generation 0 of arms that do not differ in it: trained once per seed, kept in <c>&lt;recipe&gt;/generation-0/&lt;key&gt;/seed-&lt;k&gt;</c>,
/// linked into each arm.
/// </summary>
/// <param name="run">The run of an arm.</param>
/// <param name="key">Hash of everything that decides generation 0 beside the seed.</param>
/// <param name="seed">Seed of the run.</param>
sealed class SharedGeneration0(RunFolder run, string key, long seed)
{
    /// <summary>Name of the folder beside the arms.</summary>
    public const string FolderName = "generation-0";

    const string CheckpointName = "checkpoint";

    readonly string folder = Path.Combine(run.RecipeFolder, FolderName, key, FormattableString.Invariant($"seed-{seed}"));

    string Trained => Path.Combine(folder, "trained");

    /// <summary>Puts the checkpoint into <paramref name="target"/>, after training it if no arm has; says which.</summary>
    /// <param name="target">Folder to create.</param>
    /// <param name="train">Trains and saves into an empty folder; returns the cost.</param>
    /// <param name="waiting">Told who trains it, while another process does.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>What the training cost, and whether it happened now.</returns>
    public async Task<(JsonObject Cost, bool TrainedNow)> GetAsync(
        string target, Func<string, JsonObject> train, Action<LockOwner> waiting, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        using var mine = await LockAsync(folder, waiting, cancellation);
        var trainNow = !Directory.Exists(Trained);
        if (trainNow)
        {
            // A fit takes the whole machine: two at a time would only be in each other's way.
            using var machine = await LockAsync(Path.Combine(run.RecipeFolder, FolderName), waiting, cancellation);
            var partial = AtomicFolder.Begin(Trained);
            var checkpoint = Directory.CreateDirectory(Path.Combine(partial, CheckpointName)).FullName;
            File.WriteAllText(Path.Combine(partial, AtomicFolder.CostFile), train(checkpoint).ToJsonString(StrictJson.Options));
            AtomicFolder.Commit(Trained);
        }
        else
        {
            AtomicFolder.Verify(Trained);
        }

        LinkTree(Path.Combine(Trained, CheckpointName), target);
        return ((JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(Trained, AtomicFolder.CostFile)))!, trainNow);
    }

    static async Task<RunLock> LockAsync(string folder, Action<LockOwner> waiting, CancellationToken cancellation)
    {
        while (true)
        {
            if (RunLock.TryAcquire(folder, out var owner) is { } mine) return mine;
            waiting(owner);
            await Task.Delay(250, cancellation);
        }
    }

    static void LinkTree(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) Durable.LinkOrCopy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var child in Directory.EnumerateDirectories(from)) LinkTree(child, Path.Combine(to, Path.GetFileName(child)));
    }
}
