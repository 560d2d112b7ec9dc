using System.Net;
using Microsoft.DotNet.Interactive.Formatting;

namespace ModelCollapse.Reporting;

/// <summary>A bar in the output of a cell that moves in place. Times are never shown, so that a finished bar is the same in every run.</summary>
[TypeFormatterSource(typeof(ProgressBarFormatters), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Text])]
public sealed class ProgressBar : IProgress<WorkProgress>
{
    readonly DisplayedValue shown;
    readonly Lock gate = new();
    string state = "";
    double share;

    ProgressBar(string title)
    {
        Title = title;
        shown = this.Display();
    }

    /// <summary>What is being done.</summary>
    public string Title { get; }

    /// <summary>Shows an empty bar.</summary>
    /// <param name="title">What is being done.</param>
    public static ProgressBar Show(string title) => new(title);

    /// <summary>Moves the bar.</summary>
    /// <param name="done">Units done.</param>
    /// <param name="total">Units in all.</param>
    /// <param name="note">Text behind the bar; may be empty.</param>
    public void Report(long done, long total, string note = "")
    {
        lock (gate) (share, state) = (total > 0 ? Math.Clamp((double)done / total, 0, 1) : 0, $"{done} of {total}{(note == "" ? "" : $", {note}")}");
        shown.Update(this);
    }

    /// <inheritdoc/>
    public void Report(WorkProgress value) => Report(value.Done, value.Total, $"{value.Unit} ({value.What}{(value.Note == "" ? "" : $", {value.Note}")})");

    /// <summary>The bar as HTML without scripts.</summary>
    public string ToHtml()
    {
        var (at, text) = State;
        return FormattableString.Invariant($"<div>{WebUtility.HtmlEncode(Title)} <progress max=\"1\" value=\"{at:0.###}\"></progress> {WebUtility.HtmlEncode(text)}</div>");
    }

    /// <summary>The bar as a line of text.</summary>
    public string ToText()
    {
        const int Width = 30;
        var (at, text) = State;
        var filled = (int)(at * Width);
        return $"{Title} [{new string('#', filled)}{new string('.', Width - filled)}] {text}";
    }

    (double Share, string Text) State
    {
        get
        {
            lock (gate) return (share, state);
        }
    }
}
