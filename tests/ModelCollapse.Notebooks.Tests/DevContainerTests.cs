using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ModelCollapse.Notebooks.Tests;

/// <summary>
/// The container description and the editor's settings. There is no Docker engine on our machines: the container itself is not built here, but
/// its command is one that <c>environment/test</c> runs.
/// </summary>
public class DevContainerTests
{
    // The properties of the development container specification (containers.dev, devContainer.base.schema.json) that ours may use, with their types.
    static readonly Dictionary<string, JsonValueKind> Properties = new()
    {
        ["name"] = JsonValueKind.String, ["image"] = JsonValueKind.String, ["hostRequirements"] = JsonValueKind.Object, ["features"] = JsonValueKind.Object,
        ["remoteUser"] = JsonValueKind.String, ["containerEnv"] = JsonValueKind.Object, ["postCreateCommand"] = JsonValueKind.String, ["customizations"] = JsonValueKind.Object,
    };

    [Fact]
    public void It_has_the_properties_of_the_specification_and_no_others()
    {
        var container = Read(".devcontainer/devcontainer.json");
        Assert.All(container, property => Assert.Equal(Properties[property.Key], property.Value!.GetValueKind()));
        var hardware = container["hostRequirements"]!.AsObject();
        Assert.Subset(new HashSet<string> { "cpus", "memory", "storage" }, hardware.Select(h => h.Key).ToHashSet());
        Assert.Matches(@"^\d+([tgmk]b)?$", (string)hardware["memory"]!);
        Assert.Equal(["vscode"], container["customizations"]!.AsObject().Select(c => c.Key));
        Assert.Subset(new HashSet<string> { "extensions", "settings" }, container["customizations"]!["vscode"]!.AsObject().Select(c => c.Key).ToHashSet());
    }

    [Fact]
    public void Its_image_has_the_sdk_that_the_project_asks_for_on_Ubuntu_24_04()
    {
        var wanted = Regex.Match((string)Read("global.json")["sdk"]!["version"]!, @"^\d+\.\d+").Value;
        Assert.EndsWith($"/dotnet:{wanted}-noble", (string)Read(".devcontainer/devcontainer.json")["image"]!);
    }

    [Fact]
    public void It_is_set_up_by_a_script_that_exists()
    {
        var command = (string)Read(".devcontainer/devcontainer.json")["postCreateCommand"]!;
        Assert.Equal("environment/setup --notebooks", command);
        var setup = Path.Combine(Notebook.Root, "environment", "setup");
        Assert.Contains("--notebooks)", File.ReadAllText(setup));
        if (!OperatingSystem.IsWindows()) Assert.True(File.GetUnixFileMode(setup).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact]
    public void Editor_and_container_agree_on_extensions_and_on_where_notebooks_run()
    {
        var inside = Read(".devcontainer/devcontainer.json")["customizations"]!["vscode"]!;
        string[] recommended = [.. Read(".vscode/extensions.json")["recommendations"]!.AsArray().Select(e => (string)e!)];
        Assert.Subset(recommended.ToHashSet(), inside["extensions"]!.AsArray().Select(e => (string)e!).ToHashSet());
        Assert.All(recommended, extension => Assert.Matches(@"^[a-z0-9-]+\.[a-z0-9-]+$", extension));
        Assert.Contains("ms-toolsai.jupyter", recommended);
        Assert.Contains("ms-dotnettools.csharp", recommended);
        // Paths in notebooks are relative to their folder.
        Assert.Equal("${fileDirname}", (string)inside["settings"]!["jupyter.notebookFileRoot"]!);
        Assert.Equal("${fileDirname}", (string)Read(".vscode/settings.json")["jupyter.notebookFileRoot"]!);
        Assert.False((bool)inside["settings"]!["security.workspace.trust.enabled"]!);
    }

    static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Notebook.Root, file)))!.AsObject();
}
