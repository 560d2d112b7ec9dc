using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace ModelCollapse.Tensors;

/// <summary>
/// Runs equal pieces of work side by side, each on a thread that gives libtorch one thread. Where pieces do not depend on each other
/// (blocks of a batch, prompts) this beats several threads inside every operation, which wait for each other thousands of times a step.
/// </summary>
static class Shards
{
    static readonly List<Helper> Helpers = [];

    /// <summary>How many pieces <paramref name="items"/> are divided into on this thread: as many as libtorch has threads here.</summary>
    public static int For(int items) => Math.Max(1, Math.Min(get_num_threads(), items));

    /// <summary>The contiguous part of <paramref name="items"/> that one of <paramref name="count"/> pieces gets.</summary>
    public static Range PartOf(int items, int piece, int count) => (int)((long)items * piece / count)..(int)((long)items * (piece + 1) / count);

    /// <summary>Runs <paramref name="work"/> for 0 … count − 1 and waits for all; the first exception is thrown on.</summary>
    public static void Run(int count, Action<int> work)
    {
        if (count == 1)
        {
            work(0);
            return;
        }

        lock (Helpers) // one set of helpers: a second caller waits
        {
            var threads = get_num_threads();
            while (Helpers.Count < count - 1) Helpers.Add(new Helper());
            var errors = new Exception?[count];
            using var finished = new CountdownEvent(count - 1);
            for (var i = 1; i < count; i++)
            {
                var piece = i;
                Helpers[i - 1].Begin(() =>
                {
                    Try(piece);
                    finished.Signal();
                });
            }

            set_num_threads(1);
            Try(0);
            finished.Wait();
            set_num_threads(threads);
            if (errors.FirstOrDefault(e => e is not null) is { } error) ExceptionDispatchInfo.Throw(error);

            void Try(int piece)
            {
                try
                {
                    work(piece);
                }
                catch (Exception e)
                {
                    errors[piece] = e;
                }
            }
        }
    }

    /// <summary>A thread that lives as long as the process: libtorch keeps buffers for each thread it has seen.</summary>
    sealed class Helper
    {
        readonly BlockingCollection<Action> queue = [];

        public Helper()
        {
            using var ready = new ManualResetEventSlim();
            new Thread(() =>
            {
                set_num_threads(1);
                ready.Set();
                foreach (var work in queue.GetConsumingEnumerable()) work();
            })
            { IsBackground = true, Name = "shard" }.Start();
            ready.Wait();
        }

        public void Begin(Action work) => queue.Add(work);
    }
}
