using System.Text.Json;
using ModelCollapse.Models;
using ModelCollapse.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Models;

/// <summary>Logits, hidden states, losses and gradients of both architectures, against Hugging Face transformers.</summary>
[Trait("kind", "golden")]
public class ModelGoldenTests
{
    const double LossTolerance = 1e-5, GradientTolerance = 5e-5;

    [Fact]
    public void Opt() => CompareFamily("opt", tolerance: 1e-4);

    [Fact]
    public void Llama() => CompareFamily("llama", tolerance: 2e-4);

    [Fact]
    public void Containers_and_legacy_names_hold_the_weights_of_pre_norm()
    {
        using var reference = CausalLM.Load(GoldenFolder.Folder("opt/pre-norm"), float32);
        foreach (var folder in GoldenFolder.Json("opt/summary.json").GetProperty("same_weights_as_pre_norm").EnumerateArray().Select(f => $"opt/{f.GetString()}"))
            foreach (var file in WeightFiles(folder))
            {
                using var loaded = LoadWith(GoldenFolder.Folder(folder), file);
                GoldenFolder.Report($"{folder}/{file}", "weights", Deviation.Of(loaded.Parameters, reference.Parameters), 0);
            }
    }

    [Fact]
    public void Both_containers_of_a_folder_hold_the_same_weights()
    {
        foreach (var folder in Folders("opt"))
        {
            using var safe = new Safetensors(GoldenFolder.File($"{folder}/model.safetensors"));
            using var pickled = new PyTorchBin(GoldenFolder.File($"{folder}/pytorch_model.bin"));
            var config = CausalLMConfig.Read(GoldenFolder.File($"{folder}/config.json"));
            Assert.Equal(config.Shapes().Select(s => s.Name).Order(), safe.Tensors.Select(t => t.Name).Order());
            var (different, deviation) = (0, 0.0);
            foreach (var info in safe.Tensors)
            {
                using var scope = NewDisposeScope();
                if (pickled.Tensors.Single(t => t.Name == info.Name).DType != info.DType) different++;
                deviation = Math.Max(deviation, Deviation.Of(pickled.Read(info.Name), safe.Read(info.Name)));
            }

            GoldenFolder.Report($"{folder}/pytorch_model.bin", "tensors of another type than in model.safetensors", different, 0);
            GoldenFolder.Report($"{folder}/pytorch_model.bin", "values against model.safetensors", deviation, 0);
        }
    }

    [Fact]
    public void Pickled_tensors_lie_in_their_storages_as_described()
    {
        var layouts = Folders("opt").Where(f => File.Exists(Path.Combine(GoldenFolder.Path, f, "layout.json"))).ToList();
        Assert.NotEmpty(layouts);
        foreach (var folder in layouts)
        {
            using var pickled = new PyTorchBin(GoldenFolder.File($"{folder}/pytorch_model.bin"));
            var wanted = GoldenFolder.Json($"{folder}/layout.json").EnumerateObject().ToDictionary(t => t.Name, t => t.Value);
            Assert.Equal(wanted.Keys.Order(), pickled.Tensors.Select(t => t.Name).Order());
            var different = wanted.Count(w =>
            {
                var (strides, offset) = pickled.Layout(w.Key);
                return !pickled.Tensors.Single(t => t.Name == w.Key).Shape.SequenceEqual(Longs(w.Value, "shape"))
                    || !strides.SequenceEqual(Longs(w.Value, "stride")) || offset != w.Value.GetProperty("storage_offset").GetInt64();
            });
            GoldenFolder.Report($"{folder}/layout.json", $"shapes, strides and offsets of {wanted.Count} tensors", different, 0);
        }

        static IEnumerable<long> Longs(JsonElement tensor, string name) => tensor.GetProperty(name).EnumerateArray().Select(v => v.GetInt64());
    }

    [Fact]
    public void Old_style_config_means_the_same()
    {
        foreach (var old in Directory.GetFiles(GoldenFolder.Path, "config.old-style.json", SearchOption.AllDirectories).Order())
        {
            var now = CausalLMConfig.Read(Path.Combine(Path.GetDirectoryName(old)!, "config.json"));
            var then = CausalLMConfig.Read(old);
            Assert.Equal(now with { EosIds = [] }, then with { EosIds = [] });
            Assert.Equal(now.EosIds, then.EosIds);
        }
    }

    static void CompareFamily(string family, double tolerance)
    {
        foreach (var folder in Folders(family))
            foreach (var file in WeightFiles(folder))
            {
                using var model = LoadWith(GoldenFolder.Folder(folder), file);
                Compare(model, GoldenFolder.File($"{folder}/expected.safetensors"), $"{folder}/{file}", tolerance);
            }
    }

    /// <summary>The folders with expected values: those that the family's summary names. <see cref="GoldenLayoutTests"/> sees to it that none is left out.</summary>
    static List<string> Folders(string family)
    {
        List<string> folders = [.. GoldenFolder.Json($"{family}/summary.json").GetProperty("error_of_float32_against_float64").EnumerateObject().Select(f => $"{family}/{f.Name}")];
        Assert.NotEmpty(folders);
        return folders;
    }

    static void Compare(CausalLM model, string file, string name, double tolerance)
    {
        using var expected = new Safetensors(file);
        var names = expected.Tensors.Select(t => t.Name).ToHashSet();
        var cases = names.Where(n => n.EndsWith(".input_ids")).Select(n => n[..^".input_ids".Length]).Order().ToList();
        Assert.NotEmpty(cases);
        var (logits, loss, hidden, gradients) = (0.0, 0.0, -1.0, -1.0); // below 0: there are none to compare with
        foreach (var @case in cases)
        {
            using var scope = NewDisposeScope();
            Tensor? Find(string what) => names.Contains($"{@case}.{what}") ? expected.Read($"{@case}.{what}") : null;
            Tensor Get(string what) => Find(what) ?? throw new InvalidDataException($"{file} lacks {@case}.{what}.");
            var (ids, mask) = (Get("input_ids"), Find("attention_mask"));
            var attended = (mask ?? ones_like(ids)).to(@bool).unsqueeze(-1);
            foreach (var parameter in model.Parameters.Values) parameter.grad = null;

            var states = new List<Tensor>();
            var output = nn.functional.linear(model.Decode(ids, mask, hiddenStates: states), model.HeadWeight);
            foreach (var wanted in (string[])["logits", "logits_float64"]) logits = Math.Max(logits, Deviation.Of(output, Get(wanted), attended));
            if (Find("position_ids") is { } positions) logits = Math.Max(logits, Deviation.Of(model.Logits(ids, mask, positions), Get("logits"), attended));
            if (Find("hidden_states.0") is not null)
                for (var i = 0; i < states.Count; i++) hidden = Math.Max(hidden, Deviation.Of(states[i], Get($"hidden_states.{i}"), attended));
            var cut = output.narrow(1, 0, ids.shape[1] - 1).reshape(-1, output.shape[2]);
            var found = nn.functional.cross_entropy(cut, Get("labels").narrow(1, 1, ids.shape[1] - 1).reshape(-1), ignore_index: -100);
            loss = Math.Max(loss, Math.Abs(found.item<float>() - Get("loss").item<float>()));
            found.backward();
            foreach (var gradient in names.Where(n => n.StartsWith($"{@case}.grad.")))
                gradients = Math.Max(gradients, Deviation.Of(model.Parameters[gradient[$"{@case}.grad.".Length..]].grad!, expected.Read(gradient)));

            foreach (var state in states) state.Dispose();
        }

        GoldenFolder.Report(name, "logits", logits, tolerance);
        GoldenFolder.Report(name, "loss", loss, LossTolerance);
        if (hidden is not -1) GoldenFolder.Report(name, "hidden states", hidden, tolerance);
        if (gradients is not -1) GoldenFolder.Report(name, "gradients", gradients, GradientTolerance);
    }

    /// <summary>The containers of a folder; <see cref="GoldenLayoutTests"/> says which it must have.</summary>
    static List<string> WeightFiles(string folder)
    {
        string[] containers = ["model.safetensors", "pytorch_model.bin", "model.safetensors.index.json", "pytorch_model.bin.index.json"];
        List<string> found = [.. containers.Where(f => File.Exists(Path.Combine(GoldenFolder.Folder(folder), f)))];
        Assert.NotEmpty(found);
        return found;
    }

    /// <summary>Loads a folder with one of its containers only.</summary>
    static CausalLM LoadWith(string folder, string file)
    {
        using var alone = new TemporaryFolder();
        foreach (var f in Directory.GetFiles(folder))
        {
            var n = Path.GetFileName(f);
            if ((n == "config.json" || Extension(n) == Extension(file)) && (n == file || !n.EndsWith(".index.json")))
                File.CreateSymbolicLink(Path.Combine(alone.Path, n), f);
        }

        return CausalLM.Load(alone.Path, float32);

        static string Extension(string n) => n.Contains("safetensors") ? "safetensors" : n.Contains(".bin") ? "bin" : "";
    }
}
