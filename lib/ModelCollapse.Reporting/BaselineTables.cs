using ModelCollapse.Metrics;
using ModelCollapse.Results;

namespace ModelCollapse.Reporting;

/// <summary>A model as it was published beside the same model fitted to real text.</summary>
public static class BaselineTables
{
    const string Before = "as published", After = "fine-tuned on real text";

    /// <summary>Test perplexity of both.</summary>
    /// <param name="before">Results of a recipe without any fit.</param>
    /// <param name="after">Results whose generation 0 is fitted to real text.</param>
    public static Table Perplexity(RunResults before, RunResults after)
    {
        return new(MetricLabel.Perplexity.Title, ["model", "seeds", "perplexity"], [Row(Before, before), Row(After, after)]);

        // Arms of a recipe share their generation 0.
        static string[] Row(string name, RunResults results)
        {
            double[] values = [.. results.Metrics.Where(m => m.Metric == TestPerplexity.Headline && m.Generation == 0 && m.Arm == results.Metrics[0].Arm).Select(m => m.Value)];
            return [name, $"{values.Length}", IntervalText.Of(values, MetricLabel.Perplexity.Format)];
        }
    }

    /// <summary>What both make of a prompt.</summary>
    /// <param name="before">Results of a recipe without any fit.</param>
    /// <param name="after">Results whose generation 0 is fitted to real text.</param>
    /// <param name="prompt">The prompt, or its beginning.</param>
    /// <exception cref="InputException">One of them has no such text.</exception>
    public static TextComparison Texts(RunResults before, RunResults after, string prompt)
    {
        var (was, isNow) = (Text(before), Text(after));
        return TextComparison.Of($"\"{prompt}\" …", [(Before, was.Texts[0].Text), (After, isNow.Texts[0].Text)]);

        TextComparison Text(RunResults results) => TextComparison.OfRun(results, results.Runs[0].Arm, prompt, results.Runs[0].Seed, 0);
    }
}
