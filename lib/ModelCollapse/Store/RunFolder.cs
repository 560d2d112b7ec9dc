using System.Text.Json;

namespace ModelCollapse.Store;

/// <summary>The folder of one arm and seed: <c>run.json</c> and one immutable folder per finished generation.</summary>
public sealed class RunFolder
{
    /// <summary>What the model of a generation wrote for the next.</summary>
    public const string SamplesFile = "samples.parquet";

    /// <summary>What the model of a generation wrote from held-out prompts.</summary>
    public const string OwnTextFile = "own-text.parquet";

    /// <summary>What a generation was trained on, where no other file holds it.</summary>
    public const string TrainingFile = "training.parquet";

    /// <summary>What curators decided, item by item.</summary>
    public const string CurationFile = "curation.parquet";

    const string StatusFile = "status.json";
    const string SessionsFile = "sessions.jsonl";

    readonly bool durable;

    internal RunFolder(string path, bool durable = true)
    {
        Path = System.IO.Path.GetFullPath(path);
        this.durable = durable;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>The folder of the recipe that this run belongs to, for what its arms share.</summary>
    internal string RecipeFolder => System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, "..", ".."));

    /// <summary>Folder of a generation, whether it exists or not.</summary>
    public string GenerationPath(int generation) => System.IO.Path.Combine(Path, $"generation-{generation:000}");

    /// <summary>Folder of the checkpoint of a generation, whether it exists or not.</summary>
    public string CheckpointPath(int generation) => System.IO.Path.Combine(GenerationPath(generation), "checkpoint");

    /// <summary>Number of finished generations, counted from generation 0.</summary>
    public int Completed
    {
        get
        {
            var count = 0;
            while (Directory.Exists(GenerationPath(count))) count++;
            return count;
        }
    }

    /// <summary>The numbers of a finished generation, sorted by name.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public IReadOnlyDictionary<MetricKey, double> Metrics(int generation) =>
        MetricsFile.Read(System.IO.Path.Combine(GenerationPath(generation), MetricsFile.FileName));

    /// <summary>What the run is; null if it was never begun.</summary>
    public RunDescription? Description
    {
        get
        {
            var file = System.IO.Path.Combine(Path, RunDescription.FileName);
            return File.Exists(file) ? RunDescription.Read(file) : null;
        }
    }

    /// <summary>How far the run is; null if it was never begun. A run that says it works but whose process died is <see cref="RunPhase.Interrupted"/>.</summary>
    public RunStatus? Status
    {
        get
        {
            try
            {
                var status = JsonSerializer.Deserialize<RunStatus>(File.ReadAllText(System.IO.Path.Combine(Path, StatusFile)), StrictJson.Options)!;
                return status.IsWorking && Owner is null ? status with { Phase = RunPhase.Interrupted } : status;
            }
            catch (Exception e) when (e is IOException or JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>The process that works on the run now; null if none.</summary>
    public LockOwner? Owner => RunLock.OwnerOf(Path);

    internal RunLock Lock()
    {
        Directory.CreateDirectory(Path);
        return RunLock.Acquire(Path);
    }

    /// <summary>Begins the run, or checks that the folder holds the same one and that what it holds is intact.</summary>
    internal void Open(RunDescription description)
    {
        var file = System.IO.Path.Combine(Path, RunDescription.FileName);
        RequireSame(description);
        if (!File.Exists(file)) Durable.WriteFile(file, description.ToText());

        // Not part of the run's identity: which machines and builds have worked on it.
        var session = new { pid = Environment.ProcessId, at = DateTime.UtcNow, from = Completed, Machine.This.Host, Machine.This.Processor, Machine.This.Code, Machine.This.CodeHash };
        File.AppendAllText(System.IO.Path.Combine(Path, SessionsFile), JsonSerializer.Serialize(session, JsonSerializerOptions.Web) + "\n");
        Check();
    }

    /// <summary>Refuses to go on with a run under other settings; writes nothing.</summary>
    /// <exception cref="InputException">The folder holds another run.</exception>
    public void RequireSame(RunDescription description)
    {
        if (Description?.DifferencesTo(description) is { Count: > 0 } differences)
            throw new InputException($"{Path} holds a run with other settings ({string.Join("; ", differences)}): use the same settings, or another output folder.");
    }

    void Check()
    {
        var completed = Completed;
        foreach (var leftover in Directory.EnumerateDirectories(Path, "*.partial")) Directory.Delete(leftover, recursive: true);
        foreach (var later in Directory.EnumerateDirectories(Path, "generation-*"))
            if (int.TryParse(System.IO.Path.GetFileName(later).AsSpan("generation-".Length), out var number) && number > completed)
                throw new InputException($"{GenerationPath(completed)} is missing but {later} is there: delete the later generations, and run again to recompute them.");
        for (var t = 0; t < completed; t++)
        {
            RemoveDropped(t);
            var needed = t == 0 || t == completed - 1;
            AtomicFolder.Verify(GenerationPath(t), needed || Directory.Exists(CheckpointPath(t)) ? null : "checkpoint/");
        }
    }

    /// <summary>Folder of a generation that is being made.</summary>
    internal string PartialPath(int generation) => AtomicFolder.PartialOf(GenerationPath(generation));

    internal string BeginGeneration(int generation) => AtomicFolder.Begin(GenerationPath(generation));

    internal void CommitGeneration(int generation) => AtomicFolder.Commit(GenerationPath(generation), durable);

    /// <summary>Removes a checkpoint in two steps, so that an interruption never leaves half of one.</summary>
    internal void DropCheckpoint(int generation)
    {
        if (Directory.Exists(CheckpointPath(generation))) Directory.Move(CheckpointPath(generation), DroppedPath(generation));
        RemoveDropped(generation);
    }

    void RemoveDropped(int generation)
    {
        if (Directory.Exists(DroppedPath(generation))) Directory.Delete(DroppedPath(generation), recursive: true);
    }

    string DroppedPath(int generation) => System.IO.Path.Combine(GenerationPath(generation), "checkpoint.dropped");

    internal void WriteStatus(RunStatus status)
    {
        var file = System.IO.Path.Combine(Path, StatusFile);
        try
        {
            File.WriteAllText(file + ".new", JsonSerializer.Serialize(status, StrictJson.Options));
            File.Move(file + ".new", file, overwrite: true);
        }
        catch (IOException)
        {
            // The status is a courtesy: a run does not fail over it.
        }
    }
}
