namespace ModelCollapse;

/// <summary>Names that are safe as the name of a folder on every system.</summary>
public static class PlainName
{
    /// <summary>What a plain name consists of, in words.</summary>
    public const string InWords = "letters, digits, '.', '_' and '-'";

    /// <summary>Whether a name is plain: 1 to 100 of <see cref="InWords"/>, the first no dot.</summary>
    /// <param name="name">The name.</param>
    public static bool Is(string name) =>
        name.Length is > 0 and <= 100 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
