using System.Runtime.CompilerServices;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using ModelCollapse.Images;

namespace ModelCollapse.Reporting;

/// <summary>What happens when this assembly is first used: its kinds and those of the assembly below are found by name, and cells show data frames.</summary>
static class Registration
{
#pragma warning disable CA2255 // A program that uses a figure of this assembly means all of them.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Run()
    {
        Kinds.Register(typeof(LatentDeviation).Assembly);
        Kinds.Register(typeof(Registration).Assembly);
        Formatter.Register<DataFrame>((frame, writer) => writer.Write(FrameTable.Of(frame).ToHtml()), MimeTypes.Html);
        Formatter.Register<DataFrame>((frame, writer) => writer.Write(FrameTable.Of(frame).ToText()), MimeTypes.Text);
        Formatter.SetPreferredMimeTypesFor(typeof(DataFrame), MimeTypes.Html, MimeTypes.Text);
    }
}
