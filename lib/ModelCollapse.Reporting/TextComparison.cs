using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DiffPlex;
using Microsoft.DotNet.Interactive.Formatting;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Results;

namespace ModelCollapse.Reporting;

/// <summary>Texts one below the other, in each the words marked that the one above does not have at that place.</summary>
/// <param name="Title">Line above; may be empty.</param>
/// <param name="Texts">The texts, in order.</param>
[TypeFormatterSource(typeof(TextComparisonFormatters), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Text])]
public sealed partial record TextComparison(string Title, IReadOnlyList<ComparedText> Texts)
{
    /// <summary>Compares each text with the one before it, word by word.</summary>
    /// <param name="title">Line above; may be empty.</param>
    /// <param name="texts">Label and text of each.</param>
    public static TextComparison Of(string title, IEnumerable<(string Label, string Text)> texts)
    {
        var compared = new List<ComparedText>();
        string? before = null;
        foreach (var (label, text) in texts)
        {
            compared.Add(new(label, before is null ? [new(text, Changed: false)] : Parts(before, text)));
            before = text;
        }

        return new(title, compared);
    }

    /// <summary>What the generations of one run made of a prompt.</summary>
    /// <param name="results">The results.</param>
    /// <param name="arm">Name of the arm.</param>
    /// <param name="prompt">The prompt, or its beginning.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="generations">Which generations; all if none is given.</param>
    /// <exception cref="InputException">The results have no such texts.</exception>
    public static TextComparison OfRun(RunResults results, string arm, string prompt, long seed = 0, params ReadOnlySpan<int> generations)
    {
        HashSet<int> wanted = [.. generations];
        (int Generation, SampleText Sample)[] rows =
        [
            .. from artifact in results.Artifacts<SampleText[]>(SampleTexts.SamplesFile)
               where artifact.Arm == arm && artifact.Seed == seed && (wanted.Count == 0 || wanted.Contains(artifact.Generation))
               orderby artifact.Generation
               from sample in artifact.Value
               where sample.Prompt.TrimStart().StartsWith(prompt.Trim(), StringComparison.Ordinal)
               select (artifact.Generation, sample),
        ];
        if (rows.Length == 0)
        {
            var prompts = results.Artifacts<SampleText[]>(SampleTexts.SamplesFile).SelectMany(a => a.Value).Select(s => $"\"{s.Prompt.Trim()}\"").Distinct();
            throw new InputException($"There is no text of arm {arm}, seed {seed}, after \"{prompt}\": the prompts are {string.Join(", ", prompts)}.");
        }

        return Of($"Arm {arm}, seed {seed}: \"{rows[0].Sample.Prompt.Trim()}\" …", rows.Select(r => ($"generation {r.Generation}", r.Sample.Continuation)));
    }

    /// <summary>The texts as an HTML table, changed words highlighted; without scripts and style sheets.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder("<table>");
        if (Title != "") html.Append($"<caption style=\"text-align:left;font-weight:bold\">{WebUtility.HtmlEncode(Title)}</caption>");
        foreach (var text in Texts)
        {
            html.Append($"<tr><th style=\"text-align:left;vertical-align:top;white-space:nowrap\">{WebUtility.HtmlEncode(text.Label)}</th><td style=\"text-align:left\">");
            foreach (var part in text.Parts)
            {
                var shown = WebUtility.HtmlEncode(Shown(part.Text));
                html.Append(part.Changed ? $"<mark>{shown}</mark>" : shown);
            }

            html.Append("</td></tr>");
        }

        return html.Append("</table>").ToString();
    }

    /// <summary>The texts as lines, changed words between ⟦ and ⟧.</summary>
    public string ToText()
    {
        var lines = Texts.Select(t => $"{t.Label}: {string.Concat(t.Parts.Select(p => p.Changed ? $"⟦{Shown(p.Text)}⟧" : Shown(p.Text)))}");
        return string.Join("\n", Title == "" ? lines : lines.Prepend(Title));
    }

    /// <inheritdoc/>
    public override string ToString() => ToText();

    static string Shown(string text) => text.ReplaceLineEndings("↵");

    /// <summary>Words, each with the space before it, so that a changed sentence is one part.</summary>
    sealed partial class Words : IChunker
    {
        public IReadOnlyList<string> Chunk(string text) => [.. Word.Matches(text).Select(m => m.Value)];

        [GeneratedRegex(@"\s*\S+|\s+\z")]
        static partial Regex Word { get; }
    }

    static IReadOnlyList<TextPart> Parts(string before, string text)
    {
        var diff = Differ.Instance.CreateDiffs(before, text, ignoreWhiteSpace: false, ignoreCase: false, new Words());
        var (parts, at) = (new List<TextPart>(), 0);
        foreach (var block in diff.DiffBlocks)
        {
            Add(block.InsertStartB - at, changed: false);
            Add(block.InsertCountB, changed: true);
        }

        Add(diff.PiecesNew.Count - at, changed: false);
        return parts;

        void Add(int count, bool changed)
        {
            if (count > 0) parts.Add(new(string.Concat(diff.PiecesNew.Skip(at).Take(count)), changed));
            at += count;
        }
    }
}

/// <summary>A text of a comparison.</summary>
/// <param name="Label">Whose it is.</param>
/// <param name="Parts">The text in parts, in order.</param>
public sealed record ComparedText(string Label, IReadOnlyList<TextPart> Parts)
{
    /// <summary>The text as it was.</summary>
    public string Text => string.Concat(Parts.Select(p => p.Text));
}

/// <summary>A part of a compared text.</summary>
/// <param name="Text">The part itself.</param>
/// <param name="Changed">Whether the text above does not have it here.</param>
public readonly record struct TextPart(string Text, bool Changed);
