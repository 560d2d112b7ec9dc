using System.Text.Json.Serialization;

namespace ModelCollapse.Provenance;

/// <summary>Where one training sample came from. A <see cref="Dataset{TSample}"/> keeps one for every item.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "origin")]
[JsonDerivedType(typeof(Human), nameof(Human))]
[JsonDerivedType(typeof(Synthetic), nameof(Synthetic))]
[JsonDerivedType(typeof(Edited), nameof(Edited))]
[JsonDerivedType(typeof(Poison), nameof(Poison))]
[JsonDerivedType(typeof(Unknown), nameof(Unknown))]
public abstract record Origin
{
    Origin() { }

    /// <summary>Identifier of the key of the mark (watermark) that the sample carries; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Mark { get; init; }

    /// <summary>What the sample was before edits: itself where there was none. A poisoned sample stays poison.</summary>
    [JsonIgnore]
    public Origin Root => this is Edited edited ? edited.Original.Root : this;

    /// <summary>Written by people.</summary>
    /// <param name="Source">The corpus and split, for example <c>wikitext-2-raw/test</c>.</param>
    /// <param name="Index">Position of the sample in that source.</param>
    public sealed record Human(string Source, int Index) : Origin;

    /// <summary>Written by a model.</summary>
    /// <param name="Model">Hash of the weights that wrote it.</param>
    /// <param name="Generation">Generation of the model that wrote it: 0 is the model fitted to real data.</param>
    /// <param name="Decoding">How it was drawn.</param>
    /// <param name="Seed">Seed of the sampling call.</param>
    /// <param name="Prompt">Index of the prompt in the set of prompts; -1 where there is none.</param>
    public sealed record Synthetic(string Model, int Generation, Decoding Decoding, long Seed, int Prompt) : Origin;

    /// <summary>Changed by a curator.</summary>
    /// <param name="By">Name of the curator.</param>
    /// <param name="Original">Where the sample came from before the change.</param>
    public sealed record Edited(string By, Origin Original) : Origin;

    /// <summary>Planted by an attacker.</summary>
    /// <param name="Attack">Name of the attack.</param>
    /// <param name="Original">Where the sample came from that was poisoned; null for one that was made up.</param>
    public sealed record Poison(string Attack, Origin? Original = null) : Origin;

    /// <summary>Not recorded, or hidden on purpose to study unknown provenance.</summary>
    public sealed record Unknown : Origin
    {
        /// <summary>The only value.</summary>
        public static readonly Unknown Value = new();
    }
}
