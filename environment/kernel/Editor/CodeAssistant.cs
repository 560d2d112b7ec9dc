using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Text;
using ModelCollapse.Kernel.Execution;
using ModelCollapse.Kernel.References;

namespace ModelCollapse.Kernel.Editor;

/// <summary>Completion and help for code in a cell, by Roslyn's services, in a workspace of two scripts: what the session declares, and the cell.</summary>
sealed class CodeAssistant(CellReferences references) : IDisposable
{
    const int Longest = 500;
    readonly SessionSummary summary = new();
    readonly Dictionary<string, MetadataReference> metadata = [];
    AdhocWorkspace? workspace;
    Solution? solution;
    DocumentId? document;

    /// <summary>Takes note of what a compiled cell declares.</summary>
    public void Add(CSharpCompilation cell)
    {
        lock (summary) summary.Add(cell);
        solution = null;
    }

    /// <summary>The content of a <c>complete_reply</c>.</summary>
    /// <param name="cursor">In code points, as everywhere in the protocol.</param>
    public JsonObject Complete(string code, int cursor)
    {
        var position = Utf16(code, cursor);
        var current = Document(code);
        var service = CompletionService.GetService(current)!;
        var found = service.GetCompletionsAsync(current, position).GetAwaiter().GetResult();
        var typed = code[found.Span.Start..position];
        var items = found.ItemsList.Where(i => i.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).ToList();
        // Nothing starts so: by capitals, or parts of words.
        if (items.Count == 0) items = [.. service.FilterItems(current, [.. found.ItemsList], typed)];
        var chosen = items.OrderBy(i => !i.FilterText.StartsWith(typed, StringComparison.Ordinal)).ThenBy(i => i.SortText, StringComparer.Ordinal)
            .Select(i => (Text: i.Properties.GetValueOrDefault("InsertionText") ?? i.DisplayText, Item: i)).DistinctBy(i => i.Text).Take(Longest).ToList();
        var (start, end) = (CodePoints(code, found.Span.Start), CodePoints(code, position));
        return new()
        {
            ["status"] = "ok", ["cursor_start"] = start, ["cursor_end"] = end,
            ["matches"] = new JsonArray([.. chosen.Select(i => (JsonNode)i.Text)]),
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray([.. chosen.Select(i => (JsonNode)new JsonObject
                {
                    ["start"] = start, ["end"] = end, ["text"] = i.Text, ["type"] = i.Item.Tags.FirstOrDefault()?.ToLowerInvariant() ?? "",
                })]),
            },
        };
    }

    /// <summary>The content of an <c>inspect_reply</c>: signature and documentation of what stands at or before the cursor.</summary>
    public JsonObject Inspect(string code, int cursor)
    {
        var position = Utf16(code, cursor);
        var current = Document(code);
        var service = QuickInfoService.GetService(current)!;
        var info = new[] { position, position - 1 }.Where(p => p >= 0)
            .Select(p => service.GetQuickInfoAsync(current, p).GetAwaiter().GetResult()).FirstOrDefault(i => i is not null);
        var text = info is null ? "" : string.Join("\n\n", info.Sections.Select(s => s.Text).Where(t => t.Length > 0));
        return new()
        {
            ["status"] = "ok", ["found"] = text.Length > 0,
            ["data"] = text.Length > 0 ? new JsonObject { ["text/plain"] = text } : [], ["metadata"] = new JsonObject(),
        };
    }

    public void Dispose() => workspace?.Dispose();

    Document Document(string code)
    {
        var session = solution ??= Build();
        return session.WithDocumentText(document!, SourceText.From(code)).GetDocument(document!)!;
    }

    Solution Build()
    {
        workspace ??= new(MefHostServices.DefaultHost);
        // Not the compiler's own references: shared with a workspace, they made types ambiguous.
        foreach (var path in ReferencePack.Assemblies.Concat(references.Added))
            if (!metadata.ContainsKey(path))
                metadata[path] = MetadataReference.CreateFromFile(path, documentation: XmlDocumentationProvider.CreateFromFile(Path.ChangeExtension(path, ".xml")));
        string declared;
        lock (summary) declared = summary.ToString();
        var (before, cell) = (ProjectId.CreateNewId(), ProjectId.CreateNewId());
        document = DocumentId.CreateNewId(cell);
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, usings: ScriptSession.Imports, allowUnsafe: true);
        ProjectInfo Project(ProjectId id, string name, DocumentId file, string text, IEnumerable<ProjectReference> projects) => ProjectInfo.Create(
            id, VersionStamp.Default, name, name, LanguageNames.CSharp, isSubmission: true, compilationOptions: options, parseOptions: CellSource.Options,
            metadataReferences: metadata.Values, projectReferences: projects,
            documents: [DocumentInfo.Create(file, name, sourceCodeKind: SourceCodeKind.Script, loader: TextLoader.From(TextAndVersion.Create(SourceText.From(text), VersionStamp.Default)))]);
        return workspace.CurrentSolution
            .AddProject(Project(before, "session", DocumentId.CreateNewId(before), declared, []))
            .AddProject(Project(cell, "cell", document, "", [new(before)]));
    }

    static int Utf16(string code, int codePoints)
    {
        var position = 0;
        for (; codePoints > 0 && position < code.Length; codePoints--) position += char.IsSurrogatePair(code, position) ? 2 : 1;
        return position;
    }

    static int CodePoints(string code, int position)
    {
        var count = position;
        for (var i = 1; i < position; i++)
            if (char.IsSurrogatePair(code, i - 1)) count--;
        return count;
    }
}
