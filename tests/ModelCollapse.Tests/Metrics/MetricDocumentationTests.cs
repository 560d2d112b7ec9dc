using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ModelCollapse.ClosedForm;
using ModelCollapse.Generations;
using ModelCollapse.Images;
using ModelCollapse.Metrics;

namespace ModelCollapse.Tests.Metrics;

/// <summary>A reader of a number has to know where it goes under collapse, and who says so.</summary>
public partial class MetricDocumentationTests
{
    static readonly Assembly[] Assemblies = [typeof(DistinctN).Assembly, typeof(LatentDeviation).Assembly];

    static readonly XElement[] Documentation =
        [.. Assemblies.SelectMany(a => XDocument.Load(Path.ChangeExtension(a.Location, ".xml")).Descendants("member"))];

    /// <summary>Parts that other metrics are made of, what is no number, and any number of a caller's own.</summary>
    static readonly Type[] NoMetrics = [typeof(NGrams), typeof(TextCounts), typeof(Syllables), typeof(TextModels), typeof(TestText), typeof(TextMeasure), typeof(AcrossRepetitions<>), typeof(SampleTexts), typeof(SampleImages), typeof(Snapshots<,>), typeof(ModelNumber<>)];

    /// <summary>Every type of the namespace that measures something: those of the list in <see cref="EveryMetricTests"/> and those that recipes name.</summary>
    public static TheoryData<string> Names
    {
        get
        {
            var exported = Assemblies.SelectMany(a => a.GetExportedTypes()).Where(t => !t.IsInterface && !IsKindOfAMeasure(t)).Except(NoMetrics);
            var listed = EveryMetricTests.Names.Select(n => ((string)n).Split('.')[0]).ToHashSet();
            return [.. exported.Where(t => listed.Contains(t.Name) || IsMetric(t)).Select(t => t.FullName!)];
        }
    }

    static bool IsMetric(Type type) => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IMetric<>));

    /// <summary>What is said of a measure holds of its kinds, which differ in the text that they measure.</summary>
    static bool IsKindOfAMeasure(Type type) => type.BaseType is { } parent && parent != typeof(TextMeasure) && IsMetric(parent);

    [Fact]
    public void There_are_metrics() => Assert.InRange(Names.Count, 35, 100);

    [Theory, MemberData(nameof(Names))]
    public void It_says_what_collapse_does_to_it_and_where_that_is_from(string type)
    {
        var member = Documentation.Single(m => m.Attribute("name")!.Value == $"T:{type}");
        var text = string.Join(' ', member.Elements().Where(e => e.Name == "summary" || e.Name == "remarks"));
        Assert.Matches(Movement(), text);
        Assert.Matches(Source(), text);
    }

    [GeneratedRegex("rise|fall|leave|mass moves", RegexOptions.IgnoreCase)]
    private static partial Regex Movement();

    /// <summary>A year, a number of arXiv, a section of <c>data/literature.md</c>, or another type that has it.</summary>
    [GeneratedRegex(@"\b(19|20)\d\d\b|arXiv|literature\.md|<see cref=""T:")]
    private static partial Regex Source();
}
