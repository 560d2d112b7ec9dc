using TorchSharp;

namespace ModelCollapse.Recipes;

/// <summary>Gives libtorch and the loops of metrics a number of threads until it is disposed of, which brings back what was before.</summary>
sealed class TorchThreads : IDisposable
{
    readonly int before = torch.get_num_threads(), loops = ParallelLoop.Threads;

    public TorchThreads(int threads)
    {
        torch.set_num_threads(threads);
        ParallelLoop.Threads = threads;
    }

    public void Dispose()
    {
        torch.set_num_threads(before);
        ParallelLoop.Threads = loops;
    }
}
