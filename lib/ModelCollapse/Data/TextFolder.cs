using System.Security.Cryptography;
using System.Text;

namespace ModelCollapse.Data;

/// <summary>
/// Any folder of plain text: every <c>*.txt</c> in it and its subfolders is one document, in ordinal order of the paths. Files are
/// UTF-8; line ends are made <c>\n</c> and files without text are left out. There are no splits: a share of the folder is named by
/// where it begins and ends (<see cref="CorpusShare"/>).
/// </summary>
/// <param name="folder">The folder.</param>
public sealed class TextFolder(string folder) : ICorpus
{
    string[]? documents;

    /// <inheritdoc/>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    /// <inheritdoc/>
    public IReadOnlyList<string> Documents(string? split)
    {
        if (split is not null) throw new InputException($"{folder} has no split '{split}': a folder of text has no splits, so give from and to instead.");
        return documents ??= Read();
    }

    /// <inheritdoc/>
    public string Hash(string? split) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Documents(split)))));

    string[] Read()
    {
        if (!Directory.Exists(folder)) throw new InputException($"{folder} is not a folder: give one with plain text files (*.txt), as --set data.corpus.path=PATH or in the recipe.");
        string[] texts;
        try
        {
            texts = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(path => path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase))
                .OrderBy(path => Path.GetRelativePath(folder, path).Replace('\\', '/'), StringComparer.Ordinal)
                .Select(path => TextFile.Read(path).Replace("\r\n", "\n").Replace('\r', '\n'))
                .Where(text => !string.IsNullOrWhiteSpace(text))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder} cannot be read ({e.Message.TrimEnd('.')}): check its permissions.", e);
        }

        return texts.Length > 0 ? texts : throw new InputException($"{folder} holds no text: put UTF-8 files named *.txt into it.");
    }
}
