using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Models;

/// <summary>
/// A decoder-only language model that predicts each token from those before it. The trainer, the samplers, the loop and
/// the metrics work with this type and never ask which architecture is behind it.
/// </summary>
/// <remarks>
/// Parameters are leaf tensors under their Hugging Face names, so that checkpoints map one to one. A tied head is the
/// embedding itself and appears once.
/// </remarks>
public abstract class CausalLM : IDisposable
{
    /// <summary>Shape and hyper-parameters.</summary>
    public abstract CausalLMConfig Config { get; }

    /// <summary>All weights by Hugging Face name, in a fixed order; each is a leaf that requires a gradient, in <see cref="DType"/>.</summary>
    public abstract IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <summary>The matrix of the head [vocab, <see cref="CausalLMConfig.HeadWidth"/>]: the embedding where the head is tied.</summary>
    public abstract Tensor HeadWeight { get; }

    /// <summary>Type of the weights and activations: float32 or bfloat16.</summary>
    public abstract ScalarType DType { get; }

    /// <summary>Whether dropout is active. False after construction.</summary>
    public bool IsTraining { get; set; }

    /// <summary>Runs the decoder up to the input of the head.</summary>
    /// <param name="ids">Token ids, int64 [batch, time].</param>
    /// <param name="attentionMask">int64 or bool [batch, time], 1 at real tokens; null if all are.</param>
    /// <param name="positions">int64 [batch, time]; null for the architecture's own rule.</param>
    /// <param name="hiddenStates">If given, receives the L + 1 hidden states as Hugging Face returns them; the caller disposes them.</param>
    /// <returns>[batch, time, <see cref="CausalLMConfig.HeadWidth"/>], in <see cref="DType"/>.</returns>
    public abstract Tensor Decode(Tensor ids, Tensor? attentionMask = null, Tensor? positions = null, IList<Tensor>? hiddenStates = null);

    /// <summary>Logits [batch, time, vocab]. Holds all of them at once: meant for small inputs; training and evaluation use the chunked head.</summary>
    public Tensor Logits(Tensor ids, Tensor? attentionMask = null, Tensor? positions = null)
    {
        using var hidden = Decode(ids, attentionMask, positions);
        return nn.functional.linear(hidden, HeadWeight);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parameter in Parameters.Values) parameter.Dispose();
        GC.SuppressFinalize(this);
    }
}
