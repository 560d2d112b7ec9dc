namespace ModelCollapse.Data;

/// <summary>
/// The folder with downloaded data: <c>wikitext-2/</c>, <c>opt-tokenizer/</c>, <c>opt-125m/</c>, <c>smollm2/</c>. It is
/// <c>MODEL_COLLAPSE_DATA</c> where that is set, else <c>model-collapse</c> in the user's cache (<c>XDG_CACHE_HOME</c>, else <c>~/.cache</c>).
/// </summary>
/// <param name="root">The folder; it need not exist yet.</param>
public sealed class DataFolder(string root)
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "MODEL_COLLAPSE_DATA";

    /// <summary>The folder of this user.</summary>
    public static DataFolder Default => new(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : Path.Combine(Cache, "model-collapse"));

    /// <summary>The full path of the folder.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The full path of a file or folder inside, given with <c>/</c>, whether it exists or not.</summary>
    public string PathOf(string relative) => Path.Combine([Root, .. relative.Split('/')]);

    /// <summary>The full path of a file that must be there.</summary>
    /// <param name="relative">The path inside, with <c>/</c>.</param>
    /// <param name="fetch">What <c>collapse fetch</c> calls the data set that has it.</param>
    /// <exception cref="InputException">It is missing.</exception>
    public string Require(string relative, string fetch)
    {
        var path = PathOf(relative);
        return File.Exists(path) || Directory.Exists(path) ? path
            : throw new InputException($"{path} is missing: run 'collapse fetch {fetch}', or set {Variable} to the folder that holds {relative}.");
    }

    static string Cache =>
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache)
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
