using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ModelCollapse.Notebooks.Tests;

/// <summary>What a user does with the first notebook, in a real front end and a real browser, without network.</summary>
public class BrowserTests(InstalledKernel kernel) : IClassFixture<InstalledKernel>
{
    const int Patience = 60_000, RunAll = 480_000; // milliseconds; the machine may have much else to do

    [Fact]
    public async Task The_first_notebook_runs_shows_its_figure_completes_and_is_interrupted()
    {
        using NotebookServer server = new(kernel);
        await server.StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using (var browser = await playwright.LaunchAsync())
        {
            var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 1100 } });
            // Nothing may be asked of another machine.
            List<string> foreign = [];
            page.Request += (_, request) => { if (new Uri(request.Url) is { IsLoopback: false, Scheme: not ("data" or "blob") }) foreign.Add(request.Url); };
            await page.GotoAsync(server.AddressOf("00-start-here.ipynb"));
            await Expect(page.Locator("#kernel_indicator_icon.kernel_idle_icon")).ToBeVisibleAsync(new() { Timeout = 2 * Patience });

            await page.EvaluateAsync("Jupyter.notebook.clear_all_output()");
            var figures = page.Locator(".output_area img[src^='data:image/']");
            await Expect(figures).ToHaveCountAsync(0);
            await page.ClickAsync("#celllink");
            await page.ClickAsync("#run_all_cells a");
            await Expect(figures.First).ToBeVisibleAsync(new() { Timeout = RunAll });
            await page.WaitForFunctionAsync("Jupyter.notebook.get_cells().filter(c => c.cell_type == 'code').every(c => c.input_prompt_number > 0)", null, new() { Timeout = RunAll });
            await Expect(figures).ToHaveCountAsync(3);
            await Expect(page.Locator(".output_error, .output_stderr")).ToHaveCountAsync(0);
            Assert.True(await figures.First.EvaluateAsync<bool>("image => image.complete && image.naturalWidth > 500"));
            await figures.First.ScrollIntoViewIfNeededAsync();
            await page.ScreenshotAsync(new() { Path = Browser.Picture("figure.png") });

            await NewCell(page);
            await page.Keyboard.TypeAsync("Perpl");
            await page.Keyboard.PressAsync("Tab");
            await page.WaitForFunctionAsync(
                "[...document.querySelectorAll('.completions option')].some(o => o.text.includes('PerplexityHistogram')) || Jupyter.notebook.get_selected_cell().get_text().includes('PerplexityHistogram')",
                null, new() { Timeout = Patience });
            await page.ScreenshotAsync(new() { Path = Browser.Picture("completion.png") });
            await page.Keyboard.PressAsync("Escape");

            await Run(page, "var before = 6;");
            await Idle(page);
            await Run(page, "while (true) { }");
            await page.WaitForFunctionAsync("Jupyter.notebook.get_cells().some(c => c.input_prompt_number == '*')", null, new() { Timeout = Patience });
            await page.ClickAsync("button[data-jupyter-action='jupyter-notebook:interrupt-kernel']");
            await Idle(page);
            await Expect(page.Locator(".output_area").Last).ToContainTextAsync("interrupted", new() { Timeout = Patience });
            await Run(page, "before * 7");
            await Idle(page);
            await Expect(page.Locator(".output_result").Last).ToContainTextAsync("42", new() { Timeout = Patience });
            await page.ScreenshotAsync(new() { Path = Browser.Picture("interrupt.png") });
            Assert.Empty(foreign);
        }

        Assert.Single(server.Kernels());
        await server.StopAsync();
        Assert.Empty(server.Kernels());
    }

    static async Task NewCell(IPage page)
    {
        await page.EvaluateAsync("Jupyter.notebook.select(Jupyter.notebook.ncells() - 1)");
        await page.ClickAsync("button[data-jupyter-action='jupyter-notebook:insert-cell-below']");
        await page.EvaluateAsync("Jupyter.notebook.select(Jupyter.notebook.ncells() - 1)");
        await page.Locator(".code_cell").Last.Locator(".CodeMirror").ClickAsync();
    }

    static async Task Run(IPage page, string code)
    {
        await NewCell(page);
        await page.Keyboard.InsertTextAsync(code);
        await page.Keyboard.PressAsync("Control+Enter");
    }

    static Task Idle(IPage page) => page.WaitForFunctionAsync("!Jupyter.notebook.kernel_busy && Jupyter.notebook.get_cells().every(c => c.input_prompt_number != '*')", null, new() { Timeout = Patience });
}
