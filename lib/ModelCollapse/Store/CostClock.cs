using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ModelCollapse.Store;

/// <summary>What a generation costs: the time of each phase and the units of work done in it.</summary>
sealed class CostClock
{
    readonly SortedDictionary<string, SortedDictionary<string, double>> phases = new(StringComparer.Ordinal);
    readonly Stopwatch total = Stopwatch.StartNew();

    /// <summary>The latest progress of the running phase.</summary>
    public WorkProgress? Latest { get; set; }

    /// <summary>Counts the units of the running phase.</summary>
    public Meter Meter { get; private set; } = new();

    /// <summary>Runs a phase and records its time and units.</summary>
    public T Time<T>(string phase, Func<T> work)
    {
        var watch = Begin();
        var result = work();
        End(phase, watch);
        return result;
    }

    /// <inheritdoc cref="Time"/>
    public async Task<T> TimeAsync<T>(string phase, Func<Task<T>> work)
    {
        var watch = Begin();
        var result = await work();
        End(phase, watch);
        return result;
    }

    /// <summary>Adds an amount to a phase.</summary>
    public void Add(string phase, string unit, double amount)
    {
        if (!phases.TryGetValue(phase, out var amounts)) phases[phase] = amounts = new(StringComparer.Ordinal);
        amounts[unit] = amounts.GetValueOrDefault(unit) + amount;
    }

    Stopwatch Begin()
    {
        (Latest, Meter) = (null, new());
        return Stopwatch.StartNew();
    }

    void End(string phase, Stopwatch watch)
    {
        Add(phase, "seconds", watch.Elapsed.TotalSeconds);
        foreach (var (unit, amount) in Meter.Amounts) Add(phase, unit, amount);
        // What nobody counted is at least what was reported last.
        if (Latest is { Unit.Length: > 0 } work && !Meter.Amounts.ContainsKey(work.Unit)) Add(phase, work.Unit, work.Done);
    }

    /// <summary>The record of the generation, with what was paid for elsewhere.</summary>
    public JsonObject ToJson(JsonObject? shared = null)
    {
        var recorded = new JsonObject();
        foreach (var (phase, amounts) in phases)
        {
            var entry = new JsonObject();
            foreach (var (unit, amount) in amounts) entry[unit] = amount;
            recorded[phase] = entry;
        }

        var cost = new JsonObject
        {
            ["seconds"] = total.Elapsed.TotalSeconds,
            ["phases"] = recorded,
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
