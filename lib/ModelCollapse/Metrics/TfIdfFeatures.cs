using System.Runtime.CompilerServices;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Text;

namespace ModelCollapse.Metrics;

/// <summary>Words of a text, weighted by how rare they are in the original real text (<see cref="TfIdf"/>): one number for each word of that text, length 1.</summary>
public sealed record TfIdfFeatures : IFeatures<int[]>
{
    static readonly ConditionalWeakTable<Dataset<int[]>, TfIdf> Fitted = [];

    /// <inheritdoc/>
    public IReadOnlyList<double[]> Of(IReadOnlyList<int[]> samples, LoopContext<int[]> context)
    {
        var tokenizer = context.Setting.Get<TextSetting>().Tokenizer;
        var words = Fitted.GetValue(context.Real, real => TfIdf.Fit([.. real.Select(block => tokenizer.Decode(block))]));
        return [.. samples.Select(block => words.Vector(tokenizer.Decode(block)))];
    }
}
