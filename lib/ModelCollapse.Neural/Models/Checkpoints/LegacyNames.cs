namespace ModelCollapse.Models.Checkpoints;

/// <summary>Names that older checkpoints of OPT use for the same tensors.</summary>
public static class LegacyNames
{
    /// <summary>The present Hugging Face name: <c>decoder.…</c>, as Meta's first release wrote, becomes <c>model.decoder.…</c>.</summary>
    public static string Normalize(string name) => name.StartsWith("decoder.", StringComparison.Ordinal) ? "model." + name : name;
}
