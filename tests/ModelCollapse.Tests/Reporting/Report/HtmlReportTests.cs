using System.Text.RegularExpressions;
using System.Xml.Linq;
using CsCheck;
using ModelCollapse.Data;
using ModelCollapse.Metrics;
using ModelCollapse.Reporting.Report;
using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Tests.Reporting.Report;

public class HtmlReportTests
{
    static readonly IReadOnlyList<Claim> Claims = ClaimFile.OfProject().Claims;

    static RunResults Committed(string recipe) => RunResults.Read(Path.Combine(ProjectData.Require("results"), recipe));

    [Fact]
    public void Whatever_a_model_writes_is_shown_and_never_markup()
    {
        const string Hostile = "</td></table><script>alert('x')</script><img src=x onerror=\"y\">&amp;\0\uD800\u001B[31m";
        var results = Committed("wikitext2-smollm2");
        results = results with { Artifacts = [.. results.Artifacts.Where(a => a.File != SampleTexts.SamplesFile), ArtifactRow.Of("wikitext2-smollm2", "A", 0, 0, SampleTexts.SamplesFile, (SampleText[])[new(Hostile, Hostile)])] };
        var html = HtmlReport.Of(results, Claims);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("<img", html);
        Assert.DoesNotContain('\0', html);
        Assert.Contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;", html);
        Assert.Contains("&amp;amp;", html);
    }

    // XML, by which it is read here, forbids U+FFFE and U+FFFF, which HTML only frowns upon.
    [Fact]
    public void Escaped_text_reads_back_as_it_was_but_for_what_html_does_not_allow() => Gen.String.Where(text => !text.Contains('\uFFFE') && !text.Contains('\uFFFF')).Sample(text =>
    {
        var back = XElement.Parse($"<p a=\"{HtmlText.Escape(text)}\"><![CDATA[]]>{HtmlText.Escape(text)}</p>", LoadOptions.PreserveWhitespace);
        Assert.Equal(Regex.Replace(Regex.Replace(text, @"[\p{Cc}-[\n\t]]", "\uFFFD"), @"(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])", "\uFFFD"), back.Value);
    }, iter: 1000);

    [Fact]
    public void It_refers_to_nothing_outside_itself()
    {
        var html = HtmlReport.Of(Committed("wikitext2-smollm2"), Claims);
        var addresses = Regex.Matches(html, """(?:\b(?:src|href|action|data|poster|srcset)\s*=|\burl\()\s*["']?([^"')\s>]*)""").Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.Contains(addresses, a => a.StartsWith('#'));
        Assert.All(addresses, a => Assert.True(a.StartsWith('#') || a == "data:,", a));
        Assert.DoesNotContain("@import", html);
        Assert.DoesNotContain("<script", html);
    }

    [Fact]
    public void It_has_the_answers_the_claims_and_what_was_run()
    {
        var html = HtmlReport.Of(Committed("wikitext2-smollm2"), Claims);
        Assert.All(
            (string[])[
                "After 9 generations perplexity on real text has risen in A and B; compared with the control, which took the same number of steps on real text, it is indistinguishable in A and B.",
                "not reproduced: inconclusive", "claims that are not testable here", "AMD EPYC", "0.107.0", "1.0.0+386d379818c93e846dafe3b069e93be5736eb122",
                "e5667df89f7fbaf2f8b996f7b6f2e474b109ffb8e3633c9edcb3742c03e5dfb1", "some started before 1360", "“10 % real”", "compared with control", "<h2>Cost</h2>",
            ], text => Assert.Contains(text, html));
        Assert.Equal(Committed("wikitext2-smollm2").Metrics.Select(m => m.Arm).Distinct().Count(), Regex.Count(html, "<caption>Arm "));
    }

    [Fact]
    public void An_almanac_has_its_stages_and_arms_in_the_order_of_the_recipe()
    {
        var html = HtmlReport.Of(Committed("almanac"), Claims);
        Assert.All((string[])["<h2>Stages of collapse</h2>", "Do rare facts fade before perplexity moves?", "Does any policy do better than replace?", "onset of &#39;rare facts fade&#39;", "almanac-knowledge"], text => Assert.Contains(text, html));
        Assert.Equal(["replace-sample", "preserve-sample", "accumulate-sample", "subsample-sample", "control-sample", "replace-beams", "preserve-beams", "accumulate-beams", "subsample-beams", "control-beams"],
            Regex.Matches(html, "<dt>arm (.*?)</dt>").Select(m => m.Groups[1].Value));
        Assert.DoesNotContain("NaN", html);
        Assert.DoesNotContain("Stages of collapse", HtmlReport.Of(Committed("wikitext2-smollm2"), Claims));
    }

    /// <summary>What has nothing to show has no link either.</summary>
    [Fact]
    public void Every_link_of_the_contents_leads_to_a_heading()
    {
        var html = HtmlReport.Of(new() { Metrics = Committed("wikitext2-smollm2").Metrics }, []);
        var links = Regex.Matches(html, "<a href=\"#(.*?)\">").Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(["answers", "figures", "numbers-by-arm"], links);
        Assert.All(links, link => Assert.Contains($"<section id=\"{link}\">", html));
    }

    [Fact]
    public void Several_recipes_are_one_page_with_one_table_of_claims()
    {
        var both = RunResults.Together([Committed("wikitext2-smollm2"), Committed("wikitext2-mini")]);
        var html = HtmlReport.Of(both, Claims);
        Assert.Contains("<h2>Answers: wikitext2-mini</h2>", html);
        Assert.Single(Regex.Matches(html, "<h2>What the literature says</h2>"));
        Assert.Contains("Two of the folders hold", Assert.Throws<InputException>(() => RunResults.Together([both, Committed("wikitext2-mini")])).Message);
        Assert.Contains("no results", Assert.Throws<InputException>(() => HtmlReport.Of(new() { Metrics = [] }, Claims)).Message);
    }

    [Fact]
    public void One_seed_or_nothing_but_numbers_is_reported_too()
    {
        var results = Committed("wikitext2-smollm2");
        var html = HtmlReport.Of(results with { Metrics = [.. results.Metrics.Where(m => m.Seed == 0)] }, Claims);
        Assert.Contains("one seed gives no interval", html);
        Assert.DoesNotContain("NaN", html);
        Assert.Contains("<h2>Numbers by arm</h2>", HtmlReport.Of(new() { Metrics = results.Metrics }, []));
    }
}
