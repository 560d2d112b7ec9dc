using System.Text.Json.Serialization;

namespace ModelCollapse.Store;

/// <summary>How far one arm and seed is. Written to <c>status.json</c> and sent by workers as a line of JSON.</summary>
public sealed record RunStatus
{
    /// <summary>Name of the arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Seed of the run.</summary>
    public required long Seed { get; init; }

    /// <summary>What is being done.</summary>
    public required RunPhase Phase { get; init; }

    /// <summary>The generation that is being made, or the last one where the run is over.</summary>
    public int Generation { get; init; }

    /// <summary>Number of the last generation of the run.</summary>
    public int Generations { get; init; }

    /// <summary>Number of finished generations.</summary>
    public int Completed { get; init; }

    /// <summary>The work in words: <c>fit</c>, <c>sample</c>, a metric's name.</summary>
    public string What { get; init; } = "";

    /// <summary>Units done in this piece of work.</summary>
    public long Done { get; init; }

    /// <summary>Units of this piece of work.</summary>
    public long Total { get; init; }

    /// <summary>The unit, for example <c>tokens</c>.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Units per second.</summary>
    public double Rate { get; init; }

    /// <summary>Seconds until this piece of work is done, at the rate so far.</summary>
    public double SecondsLeft { get; init; }

    /// <summary>A current value, for example <c>loss 3.21</c>; for a failed run the reason in a sentence.</summary>
    public string Note { get; init; } = "";

    /// <summary>The headline metric of each finished generation; empty where the run names none.</summary>
    public IReadOnlyList<double?> Headline { get; init; } = [];

    /// <summary>When this was written.</summary>
    public DateTime At { get; init; } = DateTime.UtcNow;

    /// <summary>Whether a process should be working on the run.</summary>
    [JsonIgnore]
    public bool IsWorking => Phase is RunPhase.Starting or RunPhase.Working or RunPhase.Waiting;
}

/// <summary>What a run is doing.</summary>
public enum RunPhase
{
    /// <summary>It checks what is there.</summary>
    [JsonStringEnumMemberName("starting")] Starting,

    /// <summary>It fits, samples or measures.</summary>
    [JsonStringEnumMemberName("working")] Working,

    /// <summary>Another process trains the generation 0 that it shares.</summary>
    [JsonStringEnumMemberName("waiting")] Waiting,

    /// <summary>All generations are finished.</summary>
    [JsonStringEnumMemberName("finished")] Finished,

    /// <summary>It stopped for the reason in the note.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>It was stopped before its end and can be resumed.</summary>
    [JsonStringEnumMemberName("interrupted")] Interrupted,
}
