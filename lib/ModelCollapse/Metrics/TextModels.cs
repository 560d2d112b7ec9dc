using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;
using ModelCollapse.Generations;
using ModelCollapse.Text;

namespace ModelCollapse.Metrics;

/// <summary>What metrics of text take from an experiment, each with a sentence where it is not there.</summary>
public static class TextModels
{
    /// <summary>The model of the generation, as a model of text.</summary>
    /// <param name="c">The generation.</param>
    /// <param name="metric">Name of the metric that asks.</param>
    /// <exception cref="InputException">It is none.</exception>
    public static ITextModel TextModel(this GenerationContext<int[]> c, string metric) => AsText(c.Model, metric);

    /// <summary>Model 0, as a model of text.</summary>
    /// <param name="c">What is being made.</param>
    /// <param name="asker">Name of the metric or curator that asks.</param>
    /// <exception cref="InputException">It is none.</exception>
    public static ITextModel TextModel0(this LoopContext<int[]> c, string asker) => AsText(c.Model0, asker);

    /// <summary>The world that the corpus of an experiment tells of.</summary>
    /// <param name="setting">The experiment.</param>
    /// <param name="metric">Name of the metric that asks.</param>
    /// <exception cref="InputException">The corpus is another.</exception>
    public static AlmanacWorld AlmanacWorld(this LoopSetting setting, string metric) => (setting.Get<TextSetting>().Corpus as AlmanacCorpus)?.World
        ?? throw new InputException($"The metric '{metric}' knows the truth of the corpus 'almanac' alone: set 'data.corpus' to almanac, or leave the metric out.");

    /// <summary>Checks that there are prompts from which a model writes text of its own.</summary>
    /// <param name="setting">The experiment.</param>
    /// <param name="metric">Name of the metric that needs them.</param>
    /// <param name="least">How many it needs.</param>
    /// <exception cref="InputException">There are fewer.</exception>
    public static void CheckOwnText(this LoopSetting setting, string metric, int least = 1)
    {
        if (setting.EvaluationPrompts < least)
            throw new InputException(
                $"The metric '{metric}' measures what the model itself writes and needs at least {least} held-out {(least == 1 ? "prompt" : "prompts")}, but the experiment has {setting.EvaluationPrompts}: give more evaluation prompts, or leave the metric out.");
    }

    static ITextModel AsText(IGenerativeModel<int[]> model, string asker) => model as ITextModel
        ?? throw new InputException($"'{asker}' needs a model that scores text, but {model.GetType().Name} does not: implement ITextModel in it, or leave '{asker}' out.");
}
