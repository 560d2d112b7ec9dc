namespace ModelCollapse.Provenance;

/// <summary>Where one training sample came from. A <see cref="Generations.Dataset{TSample}"/> keeps one for every item.</summary>
public abstract record Origin
{
    Origin() { }

    /// <summary>Written by people.</summary>
    /// <param name="Source">The corpus and split, for example <c>wikitext-2-raw/test</c>.</param>
    /// <param name="Index">Position of the sample in that source.</param>
    public sealed record Human(string Source, int Index) : Origin;

    /// <summary>Written by a model.</summary>
    /// <param name="Model">Hash of the weights that wrote it.</param>
    /// <param name="Generation">Generation of the model that wrote it: 0 is the model fitted to real data.</param>
    /// <param name="Decoding">The decoding strategy, for example <c>beam(5)</c>.</param>
    /// <param name="Seed">Seed of the sampling call.</param>
    /// <param name="Prompt">Index of the prompt in the set of prompts; -1 where there is none.</param>
    public sealed record Synthetic(string Model, int Generation, string Decoding, long Seed, int Prompt) : Origin;

    /// <summary>Planted by an attacker.</summary>
    /// <param name="Attack">Name of the attack.</param>
    public sealed record Poison(string Attack) : Origin;

    /// <summary>Not recorded, or hidden on purpose to study unknown provenance.</summary>
    public sealed record Unknown : Origin
    {
        /// <summary>The only value.</summary>
        public static readonly Unknown Value = new();
    }
}
