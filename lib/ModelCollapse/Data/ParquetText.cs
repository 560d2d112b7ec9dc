using Parquet;

namespace ModelCollapse.Data;

/// <summary>The column <c>text</c> of a Parquet file, as Hugging Face publishes text corpora.</summary>
public static class ParquetText
{
    const string Column = "text";

    /// <summary>The rows of the file, in order.</summary>
    /// <exception cref="InputException">The file cannot be read or has no column of text with that name.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        try
        {
            // Parquet.Net is asynchronous only; a thread of the pool has no context that waiting here could block.
            return Task.Run(() => ReadAsync(path)).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not InputException and not OutOfMemoryException)
        {
            throw new InputException($"{path} cannot be read as Parquet ({e.Message.TrimEnd('.')}): remove it and fetch it again.", e);
        }
    }

    static async Task<IReadOnlyList<string>> ReadAsync(string path)
    {
        await using var reader = await ParquetReader.CreateAsync(path);
        var field = reader.Schema.GetDataFields().FirstOrDefault(f => f.Name == Column && (f.ClrType == typeof(string) || f.ClrType == typeof(ReadOnlyMemory<char>)))
            ?? throw new InputException($"{path} has no text column named '{Column}': use the file as its publisher wrote it.");
        List<string> rows = [];
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var values = new string?[group.RowCount];
            await group.ReadAsync(field, values.AsMemory());
            rows.AddRange(values.Select(v => v ?? ""));
        }

        return rows;
    }
}
