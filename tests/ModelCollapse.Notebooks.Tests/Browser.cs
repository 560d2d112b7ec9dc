using Microsoft.Playwright;

namespace ModelCollapse.Notebooks.Tests;

/// <summary>The machine's Chromium, and where pictures of it stay to be looked at.</summary>
static class Browser
{
    static readonly string[] Options =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    public static Task<IBrowser> LaunchAsync(this IPlaywright playwright) => playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium(), Args = Options });

    /// <summary>Path of a picture by its name.</summary>
    public static string Picture(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(Notebook.Root, "artifacts", "browser")).FullName, name);

    static string Chromium() => ((string[])["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("There is no Chromium: run environment/setup --notebooks.");
}
