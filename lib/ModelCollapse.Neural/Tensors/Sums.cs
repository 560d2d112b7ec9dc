using ModelCollapse.Generations;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tensors;

/// <summary>
/// Sums and products of tensors whose numbers live long enough. TorchSharp turns the number of an operator, and the hidden factor 1 of
/// <c>x + y</c>, into a <see cref="Scalar"/> and passes only its native handle on: a garbage collection at that moment frees it while libtorch
/// reads it, which throws, gives a wrong sum, or ends the process (seen within seconds where collections are frequent).
/// </summary>
static class Sums
{
    static readonly Scalar One = 1, MinusOne = -1;

    extension(Tensor x)
    {
        /// <summary>x + y.</summary>
        public Tensor Plus(Tensor y) => x.add(y, One);

        /// <summary>x + number, for whole numbers.</summary>
        public Tensor Plus(long number)
        {
            using Scalar living = number;
            return x.add(living, One);
        }

        /// <summary>x − y.</summary>
        public Tensor Minus(Tensor y) => x.add(y, MinusOne);

        /// <summary>x · number.</summary>
        public Tensor Times(double number)
        {
            using Scalar living = number;
            return x.mul(living);
        }

        /// <summary>x += y, in place.</summary>
        public void Accumulate(Tensor y) => x.add_(y, One);

        /// <summary>x + number, in place.</summary>
        public Tensor Shift(double number)
        {
            using Scalar living = number;
            return x.add_(living, One); // with one number it would make the other factor itself
        }

        /// <summary>x · number, in place.</summary>
        public Tensor Scale(double number)
        {
            using Scalar living = number;
            return x.mul_(living);
        }
    }
}
