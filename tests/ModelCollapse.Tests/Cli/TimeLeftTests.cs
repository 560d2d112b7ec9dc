using CsCheck;
using ModelCollapse.Cli;
using ModelCollapse.Recipes;
using ModelCollapse.Recipes.Executors;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Cli;

public class TimeLeftTests
{
    /// <summary>Two workers, each with its own list of runs whose generations take a fixed time: the estimate is what is really left.</summary>
    [Fact]
    public void Where_generations_of_an_arm_take_the_same_time_the_estimate_is_exact_once_each_arm_has_one() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[2, 9]).Sample((fast, slow, last) =>
        {
            WorkItem[] work = [new("fast", 0), new("slow", 0)];
            var estimate = new TimeLeft(work, _ => last);
            int Seconds(WorkItem item) => item.Arm == "fast" ? fast : slow;
            foreach (var item in work) estimate.Note(Status(item, 0, RunPhase.Working), TimeSpan.Zero);
            Assert.Null(estimate.Estimate());
            // Generation 0 takes 100 seconds in both.
            foreach (var item in work)
                for (var t = 0; t <= 1; t++)
                    estimate.Note(Status(item, t + 1, RunPhase.Working), TimeSpan.FromSeconds(100 + t * Seconds(item)));
            Assert.Equal((fast + slow) * (last - 1) / 2.0, estimate.Estimate()!.Value.TotalSeconds, 6);
            foreach (var item in work) estimate.Note(Status(item, last + 1, RunPhase.Finished), TimeSpan.FromSeconds(100 + last * Seconds(item)));
            Assert.Equal(TimeSpan.Zero, estimate.Estimate());
        });

    [Fact]
    public void What_an_earlier_session_finished_says_nothing_about_speed_and_runs_not_begun_count()
    {
        WorkItem[] work = [new("A", 0), new("A", 1)];
        var estimate = new TimeLeft(work, _ => 5);
        estimate.Note(Status(work[0], 4, RunPhase.Working), TimeSpan.FromSeconds(1));
        Assert.Null(estimate.Estimate());
        estimate.Note(Status(work[0], 5, RunPhase.Working), TimeSpan.FromSeconds(11));
        Assert.Equal(TimeSpan.FromSeconds(10 * (1 + 5)), estimate.Estimate());
        estimate.Note(Status(work[0], 5, RunPhase.Failed), TimeSpan.FromSeconds(12));
        Assert.Equal(TimeSpan.FromSeconds(50), estimate.Estimate());
    }

    static RunStatus Status(WorkItem item, int completed, RunPhase phase) => new() { Arm = item.Arm, Seed = item.Seed, Phase = phase, Completed = completed };
}
