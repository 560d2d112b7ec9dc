using Parquet;
using Parquet.Serialization;

namespace ModelCollapse.Store;

/// <summary>Rows of a class as a Parquet file, compressed; equal rows give equal bytes.</summary>
static class ParquetFile
{
    public static void Write<TRow>(string path, IEnumerable<TRow> rows)
    {
        using var file = File.Create(path);
        Finished(() => ParquetSerializer.SerializeAsync(rows, file, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }));
    }

    public static IReadOnlyList<TRow> Read<TRow>(string path) where TRow : class, new()
    {
        try
        {
            using var file = File.OpenRead(path);
            return [.. Finished(() => ParquetSerializer.DeserializeAsync<TRow>(file)).Data];
        }
        catch (Exception e) when (e is not InputException)
        {
            throw new InputException($"The samples in {path} cannot be read ({e.Message}): delete this generation and those after it, and run again.", e);
        }
    }

    /// <summary>Names of the columns of a file, as far as they are not nested.</summary>
    public static IReadOnlyList<string> Columns(string path)
    {
        try
        {
            return Finished(NamesAsync);
        }
        catch (Exception e) when (e is not InputException)
        {
            throw new InputException($"The samples in {path} cannot be read ({e.Message}): delete this generation and those after it, and run again.", e);
        }

        async Task<IReadOnlyList<string>> NamesAsync()
        {
            using var file = File.OpenRead(path);
            await using var reader = await ParquetReader.CreateAsync(file);
            return [.. reader.Schema.Fields.Select(f => f.Name)];
        }
    }

    // Files are local: the asynchronous calls finish at once, and staying on one thread keeps native thread pools single. A caller's
    // context, such as that of a notebook's cell, must not get their continuations: it would wait for itself.
    static T Finished<T>(Func<Task<T>> call)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return call().GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
