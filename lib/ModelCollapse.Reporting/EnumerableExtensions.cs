namespace ModelCollapse.Reporting;

static class EnumerableExtensions
{
    extension<T>(IReadOnlyList<T> items)
    {
        /// <summary>The longest stretches of neighbours that are all kept.</summary>
        public IEnumerable<T[]> Runs(Func<T, bool> keep)
        {
            for (var i = 0; i < items.Count; i++)
            {
                T[] run = [.. items.Skip(i).TakeWhile(keep)];
                if (run.Length > 0) yield return run;
                i += run.Length;
            }
        }
    }
}
