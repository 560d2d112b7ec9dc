using Microsoft.Playwright;
using ModelCollapse.Reporting.Report;
using ModelCollapse.Results;
using ModelCollapse.Results.Claims;
using ModelCollapse.Tests;

namespace ModelCollapse.Notebooks.Tests;

/// <summary>The report as a reader opens it: a file, in a browser, without network.</summary>
public class ReportTests
{
    // Width in pixels of a desk's screen and of a phone's.
    const int Wide = 1280, Phone = 390;

    [Theory]
    [InlineData("wikitext2-mini", 3, Wide, ColorScheme.Light)]
    [InlineData("wikitext2-mini", 3, Wide, ColorScheme.Dark)]
    [InlineData("wikitext2-mini", 3, Phone, ColorScheme.Light)]
    [InlineData("wikitext2-mini", 3, Phone, ColorScheme.Dark)]
    [InlineData("almanac", 8, Wide, ColorScheme.Light)]
    [InlineData("almanac", 8, Phone, ColorScheme.Dark)]
    public async Task It_opens_without_network_without_complaint_and_within_the_screen(string recipe, int figures, int width, ColorScheme scheme)
    {
        using TemporaryFolder folder = new();
        var path = folder.File("report.html");
        HtmlReport.Write(RunResults.Read(Path.Combine(Notebook.Root, "data", "results", recipe)), ClaimFile.OfProject().Claims, path);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.LaunchAsync();
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        List<string> complaints = [];
        page.Console += (_, message) => complaints.Add($"console: {message.Text}");
        page.PageError += (_, error) => complaints.Add($"error: {error}");
        page.Request += (_, request) => { if (request.Url != new Uri(path).AbsoluteUri && !request.Url.StartsWith("data:", StringComparison.Ordinal)) complaints.Add($"request: {request.Url}"); };
        await page.RouteAsync(url => !url.StartsWith("file:", StringComparison.Ordinal), route => route.AbortAsync());
        await page.GotoAsync(new Uri(path).AbsoluteUri);
        await page.ScreenshotAsync(new() { Path = Browser.Picture($"report-{recipe}-{(width == Wide ? "wide" : "phone")}-{scheme.ToString()!.ToLowerInvariant()}.png"), FullPage = true });

        Assert.Empty(complaints);
        Assert.Equal(figures, await page.Locator("figure svg").CountAsync());
        Assert.True(await page.Locator("figure svg").First.EvaluateAsync<bool>("figure => figure.getBoundingClientRect().height > 200"));
        // Only tables and figures may be wider than the screen, in frames of their own that scroll.
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "The page scrolls sideways.");
        // Identifiers of different figures do not meet, and every one that is referred to is there.
        Assert.True(await page.EvaluateAsync<bool>("(ids => new Set(ids).size == ids.length)([...document.querySelectorAll('[id]')].map(e => e.id))"), "Two elements have the same id.");
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('[clip-path]')].filter(e => !document.getElementById(e.getAttribute('clip-path').slice(5, -1))).length"));
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('nav a')].filter(a => !document.querySelector(a.getAttribute('href'))).length"));
        // Contrast of the text as WCAG 2.1 asks for it: at least 4.5 to 1.
        Assert.InRange(await page.EvaluateAsync<double>("""
            (() => {
              const light = color => color.match(/[\d.]+/g).slice(0, 3).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const ground = light(getComputedStyle(document.body).backgroundColor);
              return Math.min(...[...document.querySelectorAll('p, li, td, th, dt, dd, h2, a, figcaption, caption, .verdict')].map(e => light(getComputedStyle(e).color))
                .map(ink => (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)));
            })()
            """), 4.5, 21);
    }
}
