namespace ModelCollapse.Data;

/// <summary>A body of real text, in documents: WikiText-2's articles, the files of a folder.</summary>
public interface ICorpus
{
    /// <summary>The corpus in a word, as origins and run descriptions name it.</summary>
    string Name { get; }

    /// <summary>The documents of a split, in their order.</summary>
    /// <param name="split"><c>train</c>, <c>valid</c> or <c>test</c>; null where the corpus has no splits.</param>
    /// <exception cref="InputException">There is no such split, or its file is missing or damaged.</exception>
    IReadOnlyList<string> Documents(string? split);

    /// <summary>SHA-256 (lower-case hexadecimal) of the documents of a split one after the other, in UTF-8.</summary>
    /// <param name="split">As for <see cref="Documents"/>.</param>
    string Hash(string? split);
}
