using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace ModelCollapse.Kernel.Cells;

/// <summary>Functions that every cell can call by their bare name.</summary>
public static class CellFunctions
{
    internal static Action<bool> Clear { get; set; } = _ => { };
    internal static Action<DisplayedValue> Show { get; set; } = _ => { };

    /// <summary>Shows a value where the cell's output stands.</summary>
    /// <param name="value">Anything; how it looks is up to its formatters.</param>
    /// <param name="mimeTypes">What to show; the preferred MIME types of the value's type if none are given.</param>
    /// <returns>A handle that can replace what is shown.</returns>
    public static DisplayedValue display(object? value, params string[] mimeTypes)
    {
        var shown = new DisplayedValue(value, FormattedValue.CreateManyFromObject(value, mimeTypes));
        Show(shown);
        return shown;
    }

    /// <inheritdoc cref="display"/>
    /// <typeparam name="T">Makes this a better match than the method of Formatting, whose handle cannot update what it shows.</typeparam>
    public static DisplayedValue Display<T>(this T value, params string[] mimeTypes) => display(value, mimeTypes);

    /// <summary>Text that is HTML already.</summary>
    /// <param name="content">Shown as it is.</param>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Removes the cell's output.</summary>
    /// <param name="wait">Keep it until there is something new, so that nothing flickers.</param>
    public static void ClearOutput(bool wait = false) => Clear(wait);
}
