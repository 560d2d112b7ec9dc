using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ModelCollapse.Kernel.Execution;

/// <summary>The code of one cell: its directives for the kernel (<c>#r</c>, <c>#!time</c>) taken out, checks in its loops.</summary>
sealed class CellSource
{
    public static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14, DocumentationMode.None, SourceCodeKind.Script);
    readonly string code;
    readonly LoopChecks checks;

    /// <param name="name">Stands in error messages and stack traces.</param>
    /// <exception cref="KernelException">A directive that the kernel does not know.</exception>
    public CellSource(string code, string name)
    {
        this.code = code;
        var blank = new StringBuilder(code);
        var plain = Parse(code, name);
        foreach (var trivia in plain.GetRoot().DescendantTrivia(descendIntoTrivia: true).Where(t => t.IsDirective))
        {
            switch (trivia.GetStructure())
            {
                case ReferenceDirectiveTriviaSyntax { IsActive: true, File.ValueText: { Length: > 0 } file } directive when !directive.File.IsMissing:
                    References.Add(file);
                    break;
                case LoadDirectiveTriviaSyntax { IsActive: true, File.ValueText: { Length: > 0 } script } directive when !directive.File.IsMissing:
                    References.AddRange(LoadedScript.ReferencesOf(Path.GetFullPath(script)));
                    continue;
                // The parser knows the line "#!…" at the start only; elsewhere it is a bad directive.
                case ShebangDirectiveTriviaSyntax or BadDirectiveTriviaSyntax when LineAt(trivia.SpanStart).StartsWith("#!", StringComparison.Ordinal):
                    Magic(LineAt(trivia.SpanStart)[2..].Trim());
                    break;
                default:
                    continue;
            }
            var start = trivia.SpanStart;
            for (var i = start; i < code.Length && code[i] is not ('\n' or '\r'); i++) blank[i] = ' ';
        }
        var cleaned = blank.ToString();
        var tree = Parse(cleaned, name);
        checks = LoopChecks.For(tree.GetRoot());
        Tree = Parse(checks.Apply(cleaned), name);
        Cleaned = cleaned;
    }

    /// <summary>What the compiler gets.</summary>
    public SyntaxTree Tree { get; }

    /// <summary>The code without directives for the kernel and without checks.</summary>
    public string Cleaned { get; }

    /// <summary>Paths and packages of <c>#r</c>, in order, those of loaded files included.</summary>
    public List<string> References { get; } = [];

    /// <summary>Whether the time that the cell took is to be shown.</summary>
    public bool Timed { get; private set; }

    /// <summary>The expression at the end, without semicolon, whose value is the cell's.</summary>
    public ExpressionSyntax? Result =>
        (Tree.GetCompilationUnitRoot().Members.LastOrDefault() as GlobalStatementSyntax)?.Statement is ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last ? last.Expression : null;

    public static SyntaxTree Parse(string code, string name) => CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), Options, name);

    /// <summary>Line, column (from 1) and text of the line of a place in <see cref="Tree"/>, as the user wrote it.</summary>
    public (int Line, int Column, string Text) Locate(int position)
    {
        var original = Math.Min(checks.Original(position), code.Length);
        var line = SourceText.From(code).Lines.GetLineFromPosition(original);
        return (line.LineNumber + 1, original - line.Start + 1, line.ToString());
    }

    string LineAt(int start)
    {
        var end = code.AsSpan(start).IndexOfAny('\n', '\r');
        return end < 0 ? code[start..] : code.Substring(start, end);
    }

    void Magic(string command)
    {
        switch (command)
        {
            case "time": Timed = true; break;
            case "csharp" or "c#" or "C#": break;
            default: throw new KernelException($"#!{command} is not known here: this kernel runs C# only, and its one command is #!time.");
        }
    }
}
