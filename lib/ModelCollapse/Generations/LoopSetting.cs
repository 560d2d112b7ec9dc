namespace ModelCollapse.Generations;

/// <summary>What an experiment works with, for curators and metrics: its sizes, and things that its models share, such as the tokenizer and the test text.</summary>
public sealed class LoopSetting
{
    readonly IReadOnlyList<object> things;

    /// <summary>Makes a setting.</summary>
    /// <param name="things">What is shared, one of each type.</param>
    public LoopSetting(params IReadOnlyList<object> things) => this.things = things;

    /// <summary>Number N of original real samples.</summary>
    public int Originals { get; init; }

    /// <summary>Number n of samples that one generation works with.</summary>
    public int PerGeneration { get; init; }

    /// <summary>Held-out prompts that each model writes an evaluation text from; 0 where there is none.</summary>
    public int EvaluationPrompts { get; init; }

    /// <summary>Number of the last generation.</summary>
    public int Generations { get; init; }

    /// <summary>What is shared of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <exception cref="InputException">The experiment has none.</exception>
    public T Get<T>() where T : class => Find<T>() ?? throw new InputException($"This needs the {typeof(T).Name} of the experiment, which has none: give one to its Setting.");

    /// <summary>What is shared of a type; null where there is none.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public T? Find<T>() where T : class => things.OfType<T>().FirstOrDefault();

    /// <summary>The same with its sizes.</summary>
    internal LoopSetting Sized(int originals, int perGeneration, int evaluationPrompts, int generations) =>
        new(things) { Originals = originals, PerGeneration = perGeneration, EvaluationPrompts = evaluationPrompts, Generations = generations };
}
