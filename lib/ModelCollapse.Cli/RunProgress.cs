using System.Diagnostics;
using System.Globalization;
using ModelCollapse.Generations;
using ModelCollapse.Recipes;
using ModelCollapse.Recipes.Executors;
using ModelCollapse.Store;
using Spectre.Console;

namespace ModelCollapse.Cli;

/// <summary>How runs go on: a live table in a terminal, else a line for each generation that is finished and for what is being done.</summary>
sealed class RunProgress
{
    readonly Dictionary<(string, long), RunStatus> states = [];
    readonly Dictionary<(string, long), (int Generation, string What)> announced = [];
    readonly Stopwatch clock = Stopwatch.StartNew(), sinceAnnouncement = Stopwatch.StartNew();
    readonly TimeLeft timeLeft;
    readonly int all;

    RunProgress(IReadOnlyList<WorkItem> work, Recipe recipe)
    {
        var generations = work.Select(w => w.Arm).Distinct().ToDictionary(arm => arm, arm => recipe.Resolve(arm).Generations);
        all = work.Sum(w => generations[w.Arm] + 1);
        timeLeft = new(work, arm => generations[arm]);
    }

    /// <summary>Runs <paramref name="run"/>, which reports to its argument, and shows what it reports.</summary>
    public static async Task ShowAsync(IReadOnlyList<WorkItem> work, Recipe recipe, Func<Action<RunStatus>, Task> run)
    {
        var progress = new RunProgress(work, recipe);
        if (Console.IsOutputRedirected)
        {
            await run(progress.Print);
            return;
        }

        await AnsiConsole.Live(progress.Table()).AutoClear(false).StartAsync(async live =>
        {
            var shown = Stopwatch.StartNew();
            await run(status =>
            {
                progress.Note(status);
                if (shown.ElapsedMilliseconds < 250) return;
                live.UpdateTarget(progress.Table());
                shown.Restart();
            });
            live.UpdateTarget(progress.Table());
        });
    }

    void Note(RunStatus status)
    {
        states[(status.Arm, status.Seed)] = status;
        timeLeft.Note(status, clock.Elapsed);
    }

    void Print(RunStatus status)
    {
        var (before, phase) = states.TryGetValue((status.Arm, status.Seed), out var old) ? (old.Completed, old.Phase) : (0, RunPhase.Starting);
        Note(status);
        if (status.Completed > before && status.Headline.Count > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{status.Arm}, seed {status.Seed}: generation {status.Completed - 1} of {status.Generations}, perplexity {status.Headline[^1]:F1}{Left()}"));
        else if (status.Completed > before) Console.WriteLine($"{status.Arm}, seed {status.Seed}: generation {status.Completed - 1} of {status.Generations}{Left()}");
        if (status.Phase != phase && status.Phase is RunPhase.Waiting or RunPhase.Failed) Console.WriteLine($"{status.Arm}, seed {status.Seed}: {status.Phase.ToString().ToLowerInvariant()}, {status.Note}");
        Announce(status);
    }

    /// <summary>Says what a run does now, at most every few seconds: short pieces of work go by unmentioned.</summary>
    void Announce(RunStatus status)
    {
        var (key, now) = ((status.Arm, status.Seed), (status.Generation, status.What));
        if (status.Phase != RunPhase.Working || status.What.Length == 0 || sinceAnnouncement.Elapsed < TimeSpan.FromSeconds(5) || (announced.TryGetValue(key, out var said) && said == now)) return;
        announced[key] = now;
        sinceAnnouncement.Restart();
        var speed = status.Rate > 0 ? string.Create(CultureInfo.InvariantCulture, $", {status.Rate:F0} {status.Unit}/s, {Text(TimeSpan.FromSeconds(status.SecondsLeft))} left of it") : "";
        Console.WriteLine($"{status.Arm}, seed {status.Seed}: generation {status.Generation} of {status.Generations}, {status.What}{speed}");
    }

    /// <summary>How far all runs are together: <c>; 12 of 165 generations, about 9 min left</c>.</summary>
    string Left()
    {
        var done = states.Values.Sum(s => s.Completed);
        return done >= all ? "" : $"; {done} of {all} generations{(timeLeft.Estimate() is { } left ? $", about {Text(left)} left" : "")}";
    }

    Table Table()
    {
        var table = new Table().RoundedBorder().AddColumns("arm", "seed", "generation", "work", "speed", "left", "perplexity by generation");
        foreach (var s in states.Values.OrderBy(s => s.Phase is RunPhase.Finished or RunPhase.Failed or RunPhase.Interrupted).ThenBy(s => s.Arm, StringComparer.Ordinal).ThenBy(s => s.Seed))
            table.AddRow(
                s.Arm, $"{s.Seed}", $"{s.Generation} of {s.Generations}",
                Markup.Escape(s.IsWorking && s.What.Length > 0 ? s.Total > 0 ? $"{s.What} {100 * s.Done / s.Total} %  {s.Note}" : s.What : s.Phase.ToString().ToLowerInvariant()),
                s.IsWorking && s.Rate > 0 ? string.Create(CultureInfo.InvariantCulture, $"{s.Rate:F0} {s.Unit}/s") : "",
                s.IsWorking && s.SecondsLeft > 0 ? Text(TimeSpan.FromSeconds(s.SecondsLeft)) : "",
                Perplexities(s));
        table.Caption(Left().TrimStart(';', ' '));
        return table;
    }

    /// <summary>The perplexity of each finished generation, in a line.</summary>
    public static string Perplexities(RunStatus status) => string.Join(" ", status.Headline.Select(h => h?.ToString("F0", CultureInfo.InvariantCulture) ?? "–"));

    static string Text(TimeSpan time) => time.TotalMinutes < 1 ? $"{time.TotalSeconds:F0} s" : time.TotalHours < 1 ? $"{time.TotalMinutes:F0} min" : $"{(int)time.TotalHours} h {time.Minutes} min";
}
