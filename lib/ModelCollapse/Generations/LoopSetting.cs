using ModelCollapse.Provenance;

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

    /// <summary>
    /// The origins that training set 1 will have before any curator, from a rehearsal of the policy without a model: a curator that decides by origins or numbers
    /// alone can tell beforehand that it would leave nothing.
    /// </summary>
    public IReadOnlyList<Origin> Rehearsal { get; init; } = [];

    /// <summary>What is shared of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <exception cref="InputException">The experiment has none.</exception>
    public T Get<T>() where T : class => Find<T>() ?? throw new InputException($"This needs the {typeof(T).Name} of the experiment, which has none: give one to its Setting.");

    /// <summary>What is shared of a type; null where there is none.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public T? Find<T>() where T : class => things.OfType<T>().FirstOrDefault();

    /// <summary>The same with the sizes and the policy of an experiment.</summary>
    internal LoopSetting For<TSample>(RecursiveExperiment<TSample> experiment)
    {
        var originals = experiment.Real.Original.Count;
        var perGeneration = experiment.PerGeneration ?? originals;
        return new(things)
        {
            Originals = originals,
            PerGeneration = perGeneration,
            EvaluationPrompts = experiment.EvaluationPrompts?.Count ?? 0,
            Generations = experiment.Generations,
            Rehearsal = experiment.Generations == 0 ? [] : Rehearsed(experiment.Policy, originals, perGeneration),
        };
    }

    static IReadOnlyList<Origin> Rehearsed(DataPolicy policy, int originals, int perGeneration)
    {
        var needed = policy.SyntheticCount(new(1, originals, perGeneration));
        var synthetic = Dataset<int>.WithOrigin(new int[needed], new Origin.Synthetic("", 0, Decoding.Exact, 0, -1));
        return policy.Compose(new PolicyContext<int>
        {
            Generation = 1,
            Real = new AnyReal(originals),
            Synthetic = synthetic,
            PerGeneration = perGeneration,
            Random = Seeds.NewRandom(0),
        }).Origins;
    }

    /// <summary>As many real samples as are asked for.</summary>
    sealed class AnyReal(int originals) : RealData<int>(Dataset<int>.Human(new int[originals], "rehearsal"))
    {
        public override Dataset<int> Fresh(int generation, int count) => Dataset<int>.Human(new int[count], "rehearsal");
    }
}
