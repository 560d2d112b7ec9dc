using System.Runtime.Intrinsics;
using ModelCollapse.Models;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Training;

/// <summary>
/// AdamW (Loshchilov and Hutter, arXiv 1711.05101) with PyTorch's update rule, one pass over memory. A bfloat16 model keeps
/// float32 master weights here: at fine-tuning rates its own updates would round away.
/// </summary>
/// <remarks>One group of parameters: decay applies to all, biases and norms included, as in the paper's code and the golden values.</remarks>
public sealed class AdamW : IDisposable
{
    const double ClipEpsilon = 1e-6; // PyTorch's clip_grad_norm_

    // Adding the gradients of replicas costs memory traffic that grows with the model. On two cores, side by side with undivided batches,
    // 5 M and 14 M parameters trained about a tenth faster; 125 M slower, which was measured on a busy machine only. The limit lies between.
    const long MostDividedParameters = 50_000_000;

    readonly TrainingOptions options;
    readonly List<Slot> slots = [];
    readonly List<CausalLM> replicas;
    int step;

    /// <summary>Starts with zero moments, and master weights equal to the model's, or to what those were rounded from.</summary>
    public AdamW(CausalLM model, TrainingOptions options)
    {
        this.options = options;
        replicas = [model];
        DividesBatches = model.Config.ParameterCount <= MostDividedParameters;
        using var scope = NewDisposeScope();
        foreach (var (name, weight) in model.Parameters)
        {
            var master = weight.dtype == float32 ? null : model.TakeUnrounded(name) ?? weight.detach().to(float32).DetachFromDisposeScope();
            slots.Add(new(weight, master, zeros(weight.shape).DetachFromDisposeScope(), zeros(weight.shape).DetachFromDisposeScope()));
        }
    }

    /// <summary>Whether the model is small enough for its batches to be divided among <see cref="Replicas"/>.</summary>
    internal bool DividesBatches { get; }

    /// <summary>The model and further replicas of it whose gradients <see cref="Step"/> adds to the model's.</summary>
    /// <param name="count">How many in all. Range: at least 1.</param>
    internal IReadOnlyList<CausalLM> Replicas(int count)
    {
        while (replicas.Count < count) replicas.Add(replicas[0].Replica());
        return replicas;
    }

    /// <summary>Applies one update and clears the gradients.</summary>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="head">The head's matrix and its gradient through the head, float32, which is not in the parameter's own gradient.</param>
    /// <returns>The norm of the whole gradient before clipping.</returns>
    public double Step(double learningRate, (Tensor Weight, Tensor Gradient) head)
    {
        using var scope = NewDisposeScope();
        step++;
        GatherGradients();
        var gradients = slots.ConvertAll(slot => Gradient(slot.Weight, head));
        var norm = Math.Sqrt(gradients.Sum(g => g is null ? 0 : SquaredNorm(g)));
        var clip = options.Clip is { } most ? (float)Math.Min(1, most / (norm + ClipEpsilon)) : 1f;
        var update = new Update
        {
            Clip = clip,
            Keep = (float)(1 - learningRate * options.WeightDecay),
            // 1 − 0.999 in float32 would be off by a hundred thousandth.
            New1 = (float)(1 - options.Beta1),
            Beta2 = (float)options.Beta2,
            New2 = (float)(1 - options.Beta2),
            StepSize = (float)(learningRate / (1 - Math.Pow(options.Beta1, step))),
            RootCorrection = (float)Math.Sqrt(1 - Math.Pow(options.Beta2, step)),
            Epsilon = (float)options.Epsilon,
        };
        foreach (var (slot, gradient) in slots.Zip(gradients))
            if (gradient is not null) Apply(slot, gradient, update);
        foreach (var slot in slots) slot.Weight.grad = null;
        return norm;
    }

    void GatherGradients()
    {
        foreach (var replica in replicas.Skip(1))
            foreach (var (slot, copy) in slots.Zip(replica.Parameters.Values))
            {
                if (copy.grad is not { } share) continue;
                if (slot.Weight.grad is { } gradient) gradient.Accumulate(share);
                else slot.Weight.grad = share;
                copy.grad = null;
            }
    }

    static Tensor? Gradient(Tensor weight, (Tensor Weight, Tensor Gradient) head)
    {
        if (!ReferenceEquals(weight, head.Weight)) return weight.grad;
        if (weight.grad is { } lookup) head.Gradient.Accumulate(lookup); // a tied matrix is both embedding and head
        return head.Gradient;
    }

    static double SquaredNorm(Tensor gradient)
    {
        var whole = gradient.contiguous();
        return whole.dtype == bfloat16 ? SquaredNorm<ushort>(whole) : SquaredNorm<float>(whole);
    }

    static unsafe double SquaredNorm<T>(Tensor gradient) where T : unmanaged
    {
        const int run = 4096; // summed in float32, then in double: exact enough, and fast; independent of the number of threads
        var count = checked((int)gradient.NumberOfElements);
        var sums = new double[(count + run - 1) / run];
        Kernels.Parallel(sums.Length, (from, to) =>
        {
            var g = (T*)Kernels.Address(gradient);
            for (var s = from; s < to; s++)
            {
                var (i, end, lanes) = (s * run, Math.Min(count, (s + 1) * run), Vector512<float>.Zero);
                for (; i + Kernels.Lanes <= end; i += Kernels.Lanes)
                {
                    var v = Kernels.Load(g + i);
                    lanes += v * v;
                }

                double sum = Vector512.Sum(lanes);
                for (; i < end; i++) sum += (double)Kernels.Get(g + i) * Kernels.Get(g + i);
                sums[s] = sum;
            }
        });
        return sums.Sum();
    }

    static void Apply(Slot slot, Tensor gradient, Update u)
    {
        var whole = gradient.contiguous();
        if (slot.Master is null) Apply<float, float>(slot, whole, u);
        else if (whole.dtype == bfloat16) Apply<ushort, ushort>(slot, whole, u);
        else Apply<float, ushort>(slot, whole, u);
    }

    static unsafe void Apply<TGradient, TWeight>(Slot slot, Tensor gradient, Update u) where TGradient : unmanaged where TWeight : unmanaged
    {
        Kernels.Parallel(checked((int)gradient.NumberOfElements), (from, to) =>
        {
            var g = (TGradient*)Kernels.Address(gradient);
            var weight = (TWeight*)Kernels.Address(slot.Weight);
            var master = (float*)Kernels.Address(slot.Master ?? slot.Weight);
            var first = (float*)Kernels.Address(slot.First);
            var second = (float*)Kernels.Address(slot.Second);
            var i = from;
            for (; i + Kernels.Lanes <= to; i += Kernels.Lanes)
            {
                var now = Kernels.Load(g + i) * u.Clip;
                var m = Vector512.Load(first + i);
                m += (now - m) * u.New1;
                var v = Vector512.Load(second + i) * u.Beta2 + now * now * u.New2;
                var w = Vector512.Load(master + i) * u.Keep - m / (Vector512.Sqrt(v) / u.RootCorrection + Vector512.Create(u.Epsilon)) * u.StepSize;
                m.Store(first + i);
                v.Store(second + i);
                w.Store(master + i);
                if (typeof(TWeight) == typeof(ushort)) Kernels.Store(w, weight + i);
            }

            for (; i < to; i++)
            {
                var now = Kernels.Get(g + i) * u.Clip;
                first[i] += (now - first[i]) * u.New1;
                second[i] = second[i] * u.Beta2 + now * now * u.New2;
                master[i] = master[i] * u.Keep - first[i] / (MathF.Sqrt(second[i]) / u.RootCorrection + u.Epsilon) * u.StepSize;
                if (typeof(TWeight) == typeof(ushort)) Kernels.Set(weight + i, master[i]);
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var replica in replicas.Skip(1)) replica.Dispose();
        foreach (var slot in slots)
        {
            slot.Master?.Dispose();
            slot.First.Dispose();
            slot.Second.Dispose();
        }
    }

    /// <param name="Weight">The model's own weight.</param>
    /// <param name="Master">Its float32 master; null where the weight is float32 itself.</param>
    /// <param name="First">Mean of the gradient.</param>
    /// <param name="Second">Mean of its square.</param>
    sealed record Slot(Tensor Weight, Tensor? Master, Tensor First, Tensor Second);

    readonly record struct Update
    {
        public float Clip { get; init; }
        public float Keep { get; init; }
        public float New1 { get; init; }
        public float Beta2 { get; init; }
        public float New2 { get; init; }
        public float StepSize { get; init; }
        public float RootCorrection { get; init; }
        public float Epsilon { get; init; }
    }
}
