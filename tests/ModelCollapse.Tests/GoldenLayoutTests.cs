using System.Text.Json;
using System.Text.RegularExpressions;
using ModelCollapse.Models.Checkpoints;
using ModelCollapse.Results;
using ModelCollapse.Tests.ClosedForm;
using ModelCollapse.Tests.ClosedForm.Laws;
using ModelCollapse.Tests.Data;
using ModelCollapse.Tests.Metrics;
using ModelCollapse.Tests.Models;
using ModelCollapse.Tests.Models.Checkpoints;
using ModelCollapse.Tests.Monitoring;
using ModelCollapse.Tests.Sampling;
using ModelCollapse.Tests.Statistics;
using ModelCollapse.Tests.Text;
using ModelCollapse.Tests.Training;

namespace ModelCollapse.Tests;

/// <summary>
/// The files themselves: that none of the layout is missing, and that some test reads each. How many models, types and cases there are
/// is up to the folder: its <c>summary.json</c> files name them.
/// </summary>
[Trait("kind", "golden")]
public class GoldenLayoutTests
{
    static readonly string[] Sections = ["opt", "llama", "gguf", "adamw", "generate", "filters", "tokenizer"];

    /// <summary>Files about metrics and the tests that read them.</summary>
    static readonly (string File, Type Reader)[] Metrics =
    [
        ("closed_form.json", typeof(ClosedFormGoldenTests)),
        ("closed_form.safetensors", typeof(ClosedFormGoldenTests)),
        ("distances.json", typeof(DistancesGoldenTests)),
        ("expected_laws.json", typeof(LawGoldenTests)),
        ("mauve.json", typeof(MauveGoldenTests)),
        ("monitoring.json", typeof(MonitoringGoldenTests)),
        ("readability.json", typeof(ReadabilityGoldenTests)),
        ("statistics.json", typeof(StatisticsGoldenTests)),
        ("text_diversity.json", typeof(TextDiversityGoldenTests)),
        ("vendi.json", typeof(VendiGoldenTests)),
    ];

    /// <summary>Files and the tests that read them.</summary>
    static readonly (string Pattern, Type Reader)[] Readers =
    [
        (@"([\w-]+/)?versions\.json", typeof(GoldenLayoutTests)),
        (@"(opt|llama)/summary\.json", typeof(ModelGoldenTests)),
        (@"opt/(legacy-names/)?[^/]+/(config\.json|expected\.safetensors|layout\.json|(model|pytorch_model)(-\d+-of-\d+)?\.(safetensors|bin)(\.index\.json)?)", typeof(ModelGoldenTests)),
        (@"llama/[^/]+/(config(\.old-style)?\.json|(expected|model)\.safetensors)", typeof(ModelGoldenTests)),
        (@"gguf/(summary\.json|original/(config\.json|model\.safetensors)|(tiny-\w+|blocks)\.(gguf|expected\.safetensors))", typeof(GgufGoldenTests)),
        (@"smollm2/(prompts|perplexity|tokenizer)\.json|smollm2/(vocab|merges)\.txt", typeof(SmolLM2GoldenTests)),
        (@"adamw/(expected\.json|trajectory\.safetensors)", typeof(AdamWGoldenTests)),
        (@"generate/([^/]+\.json|ties/(config\.json|model\.safetensors))", typeof(GenerateGoldenTests)),
        (@"filters/filters\.(json|safetensors)", typeof(FilterGoldenTests)),
        (@"tokenizer/(opt|smollm2)\.json", typeof(TokenizerGoldenTests)),
        (@"tokenizer/wikitext\.json", typeof(WikiTextGoldenTests)),
        .. Metrics.Select(m => (Regex.Escape($"metrics/{m.File}"), m.Reader)),
    ];

    [Fact]
    public void No_file_of_the_layout_is_missing() => AreThere(".", Required());

    [Fact]
    public void Every_file_is_read_by_some_test()
    {
        AreRead(Found().Where(f => !IsRead(f)).Concat(NotInASummary()));
        Assert.All(Readers, r => Assert.Contains(r.Reader.GetMethods(), m => m.GetCustomAttributes(typeof(FactAttribute), true).Length > 0));
    }

    [Fact]
    public void Every_folder_says_what_it_was_made_with()
    {
        foreach (var file in Sections.Select(s => $"{s}/versions.json").Prepend("versions.json")) NamesItsLibraries(file);
        foreach (var package in (string[])["numpy", "scipy", "scikit-learn"])
            Assert.NotEmpty(GoldenFolder.Json("metrics/versions.json").GetProperty("packages").GetProperty(package).GetString()!);
    }

    [Fact, Trait("kind", "data")]
    public void All_this_holds_for_the_folder_of_SmolLM2()
    {
        AreThere(GoldenFolder.SmolLM2, RequiredOfSmolLM2());
        AreRead(Found(GoldenFolder.SmolLM2).Where(f => !IsRead(f)));
        NamesItsLibraries($"{GoldenFolder.SmolLM2}/versions.json");
    }

    static void AreThere(string folder, IEnumerable<string> files)
    {
        List<string> missing = [.. files.Distinct().Where(f => !File.Exists(GoldenFolder.PathOf(f)))];
        Assert.True(missing.Count == 0, $"{GoldenFolder.PathOf(folder)} lacks {string.Join(", ", missing)}.");
        GoldenFolder.Report(folder, "missing files", missing.Count, 0);
    }

    static void AreRead(IEnumerable<string> unread)
    {
        var names = string.Join(", ", unread);
        Assert.True(names.Length == 0, $"No test reads {names} in the golden folder.");
    }

    static bool IsRead(string file) => Readers.Any(r => Regex.IsMatch(file, $"^(?:{r.Pattern})$"));

    static void NamesItsLibraries(string file)
    {
        foreach (var library in (string[])["python", "torch", "transformers", "tokenizers", "safetensors", "gguf", "numpy"])
            Assert.NotEmpty(GoldenFolder.Json(file).GetProperty(library).GetString()!);
    }

    static IEnumerable<string> RequiredOfSmolLM2() =>
        ((string[])["versions.json", "prompts.json", "perplexity.json", "tokenizer.json", "vocab.txt", "merges.txt"]).Select(f => $"{GoldenFolder.SmolLM2}/{f}");

    static IEnumerable<string> Required() =>
    [
        "versions.json", .. Sections.Select(s => $"{s}/versions.json"),
        .. RequiredOfOpt(), .. RequiredOfLlama(), .. RequiredOfGguf(),
        "adamw/expected.json", "adamw/trajectory.safetensors",
        "generate/opt.json", "generate/llama.json", "generate/ties.json", "generate/ties/config.json", "generate/ties/model.safetensors",
        "filters/filters.json", "filters/filters.safetensors",
        "tokenizer/opt.json", "tokenizer/smollm2.json", "tokenizer/wikitext.json",
        "metrics/versions.json", .. Metrics.Select(m => $"metrics/{m.File}"),
    ];

    static IEnumerable<string> RequiredOfOpt() =>
    [
        "opt/summary.json", "opt/pre-norm/config.json",
        .. Models("opt").SelectMany(folder => (string[])[$"{folder}/config.json", $"{folder}/expected.safetensors", $"{folder}/model.safetensors", $"{folder}/pytorch_model.bin"]),
        .. PickledWithALayout().Select(folder => $"{folder}/layout.json"),
        .. SameWeights().SelectMany(folder => folder.Contains("legacy-names/") ? [$"{folder}/config.json", $"{folder}/pytorch_model.bin"] : RequiredOfShards(folder)),
    ];

    /// <summary>Both formats, each with its index and every shard that the index speaks of.</summary>
    static IEnumerable<string> RequiredOfShards(string folder)
    {
        yield return $"{folder}/config.json";
        foreach (var index in (string[])[$"{folder}/model.safetensors.index.json", $"{folder}/pytorch_model.bin.index.json"])
        {
            yield return index;
            if (!File.Exists(Path.Combine(GoldenFolder.Path, index))) continue;
            foreach (var shard in GoldenFolder.Json(index).GetProperty("weight_map").EnumerateObject().Select(w => w.Value.GetString()!).Distinct())
                yield return $"{folder}/{shard}";
        }
    }

    static IEnumerable<string> RequiredOfLlama() =>
    [
        "llama/summary.json",
        .. Models("llama").SelectMany(folder => (string[])[$"{folder}/config.json", $"{folder}/config.old-style.json", $"{folder}/expected.safetensors", $"{folder}/model.safetensors"]),
    ];

    static IEnumerable<string> RequiredOfGguf() =>
    [
        "gguf/summary.json", "gguf/original/config.json", "gguf/original/model.safetensors", "gguf/blocks.gguf", "gguf/blocks.expected.safetensors",
        .. GgufTypes().SelectMany(type => (string[])[$"gguf/tiny-{type}.gguf", $"gguf/tiny-{type}.expected.safetensors"]),
    ];

    static IEnumerable<string> Models(string family) => Summary(family, "error_of_float32_against_float64") is { } models ? models.EnumerateObject().Select(m => $"{family}/{m.Name}") : [];

    static IEnumerable<string> SameWeights() => Summary("opt", "same_weights_as_pre_norm") is { } folders ? folders.EnumerateArray().Select(f => $"opt/{f.GetString()}") : [];

    static IEnumerable<string> GgufTypes() => Summary("gguf", "types") is { } types ? types.EnumerateObject().Select(t => t.Name) : [];

    /// <summary>A summary that is missing is reported as a file, with all others.</summary>
    static JsonElement? Summary(string section, string field) =>
        File.Exists(Path.Combine(GoldenFolder.Path, section, "summary.json")) ? GoldenFolder.Json($"{section}/summary.json").GetProperty(field) : null;

    /// <summary>A pickle with tensors that are not plain has a description of where they lie.</summary>
    static IEnumerable<string> PickledWithALayout() => Models("opt").Where(folder =>
    {
        var file = Path.Combine(GoldenFolder.Path, folder, "pytorch_model.bin");
        if (!File.Exists(file)) return false;
        using var pickled = new PyTorchBin(file);
        return pickled.Tensors.Any(t => pickled.Layout(t.Name).Offset > 0 || t.Shape.Length > 0 && pickled.Layout(t.Name).Strides[^1] != 1);
    });

    /// <summary>Models and types that are there but that no summary names, so that no test would find them.</summary>
    static IEnumerable<string> NotInASummary()
    {
        HashSet<string> named = [.. Models("opt"), .. Models("llama"), .. SameWeights(), "gguf/original", "gguf/blocks.gguf", .. GgufTypes().Select(t => $"gguf/tiny-{t}.gguf")];
        var folders = Found().Where(f => Path.GetFileName(f) == "config.json" && !f.StartsWith("generate/")).Select(f => f[..^"/config.json".Length]);
        return folders.Concat(Found().Where(f => f.EndsWith(".gguf"))).Where(f => !named.Contains(f));
    }

    /// <summary>Every file but texts for people, relative to its set of values.</summary>
    /// <param name="folder">Where to look; all of the set if empty.</param>
    static IEnumerable<string> Found(string folder = "") => Directory.GetFiles(GoldenFolder.PathOf(folder), "*", SearchOption.AllDirectories)
        .Select(f => Path.Combine(folder, Path.GetRelativePath(GoldenFolder.PathOf(folder), f)).Replace('\\', '/'))
        .Where(f => Path.GetFileName(f) != "README.md" && !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal);
}
