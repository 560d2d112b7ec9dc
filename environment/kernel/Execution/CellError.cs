using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace ModelCollapse.Kernel.Execution;

/// <summary>An error as the front end shows it: a name, a sentence and a trace with the cell's lines and without the kernel's and the compiler's frames.</summary>
sealed partial record CellError(string Name, string Message, IReadOnlyList<string> Trace)
{
    public static CellError From(Exception exception)
    {
        if (exception is CompilationException compilation) return new("CompilationError", compilation.Message, compilation.Lines);
        if (exception is KernelException or OperationCanceledException { Message: "The cell was interrupted." })
            return new(exception is KernelException ? "Error" : "Interrupted", exception.Message, [exception.Message]);
        while (exception is AggregateException { InnerExceptions.Count: 1 }) exception = exception.InnerException!;
        var lines = new List<string>();
        Describe(exception, "", lines);
        return new(exception.GetType().FullName ?? exception.GetType().Name, exception.Message, lines);
    }

    public JsonObject Content() => new() { ["ename"] = Name, ["evalue"] = Message, ["traceback"] = new JsonArray([.. Trace.Select(line => (JsonNode)line)]) };

    static void Describe(Exception exception, string lead, List<string> lines)
    {
        lines.Add($"{lead}{exception.GetType().FullName}: {exception.Message}");
        foreach (var line in (exception.StackTrace ?? "").Split('\n'))
            if (Frame(line.TrimEnd()) is { } frame) lines.Add(frame);
        var inner = exception is AggregateException many ? many.InnerExceptions.AsEnumerable() : exception.InnerException is { } one ? [one] : [];
        foreach (var cause in inner) Describe(cause, "caused by ", lines);
    }

    static string? Frame(string line)
    {
        if (CellFrame().Match(line) is { Success: true } cell)
        {
            var function = SubmissionPrefix().Replace(cell.Groups["function"].Value, "");
            return $"   at {cell.Groups["place"].Value}, line {cell.Groups["line"].Value}{(function.StartsWith('<') ? "" : $", in {function}")}";
        }
        return line.Length == 0 || Internal().IsMatch(line) ? null : SubmissionPrefix().Replace(line, "");
    }

    [GeneratedRegex(@"^\s*at (?<function>.*) in (.*[/\\])?(?<place>Cell \[\d*\]|[^/\\]*\.csx):line (?<line>\d+)$")]
    private static partial Regex CellFrame();

    [GeneratedRegex(@"Submission#\d+\.")]
    private static partial Regex SubmissionPrefix();

    [GeneratedRegex(@"^--- End of|^\s*at (ModelCollapse\.Kernel\.|Submission#\d+\.<|System\.Runtime\.CompilerServices\.|System\.Runtime\.ExceptionServices\.|System\.Threading\.(ExecutionContext|Thread)\.)")]
    private static partial Regex Internal();
}

/// <summary>The cell does not compile.</summary>
sealed class CompilationException(IEnumerable<Diagnostic> diagnostics, CellSource source) : Exception
{
    const int Shown = 10;
    readonly Diagnostic[] errors = [.. diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).OrderBy(d => d.Location.SourceSpan.Start)];

    public override string Message => Sentence(errors[0]);

    /// <summary>Each error with its place, its line and a mark below it.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            var lines = new List<string>();
            foreach (var error in errors.Take(Shown))
            {
                lines.Add(Sentence(error));
                if (error.Location.SourceTree != source.Tree) continue;
                var (_, column, text) = source.Locate(error.Location.SourceSpan.Start);
                lines.Add("    " + text.Replace('\t', ' '));
                lines.Add("    " + new string(' ', column - 1) + "^");
            }
            if (errors.Length > Shown) lines.Add($"and {errors.Length - Shown} more errors");
            return lines;
        }
    }

    string Sentence(Diagnostic error)
    {
        var text = $"error {error.Id}: {error.GetMessage()}";
        if (error.Location.SourceTree == source.Tree)
        {
            var (line, column, _) = source.Locate(error.Location.SourceSpan.Start);
            return $"{source.Tree.FilePath}, line {line}, column {column}: {text}";
        }
        var place = error.Location.GetLineSpan();
        return place.Path.Length == 0 ? text : $"{place.Path}, line {place.StartLinePosition.Line + 1}: {text}";
    }
}
