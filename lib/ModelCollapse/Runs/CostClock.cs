using System.Diagnostics;
using System.Text.Json.Nodes;
using ModelCollapse.Generations;

namespace ModelCollapse.Runs;

/// <summary>What a generation costs: the time of each phase and the units of work done in it.</summary>
sealed class CostClock
{
    readonly JsonObject phases = [];
    readonly Stopwatch total = Stopwatch.StartNew();

    /// <summary>The latest progress of the running phase.</summary>
    public WorkProgress? Latest { get; set; }

    /// <summary>Runs a phase and records its time; what it reported last gives the units.</summary>
    public T Time<T>(string phase, Func<T> work)
    {
        Latest = null;
        var watch = Stopwatch.StartNew();
        var result = work();
        phases[phase] = Entry(watch.Elapsed);
        return result;
    }

    JsonObject Entry(TimeSpan elapsed)
    {
        var entry = new JsonObject { ["seconds"] = elapsed.TotalSeconds };
        if (Latest is not { } work) return entry;
        entry["done"] = work.Done;
        entry["unit"] = work.Unit;
        entry["perSecond"] = work.Rate;
        return entry;
    }

    /// <summary>The record of the generation, with what was paid for elsewhere.</summary>
    public JsonObject ToJson(JsonObject? shared = null)
    {
        var cost = new JsonObject
        {
            ["seconds"] = total.Elapsed.TotalSeconds,
            ["phases"] = phases.DeepClone(),
            ["peakMemoryBytes"] = PeakMemory(),
            ["finished"] = DateTime.UtcNow,
        };
        if (shared is not null) cost["sharedGeneration0"] = shared;
        return cost;
    }

    static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
