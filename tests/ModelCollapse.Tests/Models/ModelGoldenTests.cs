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
    public void ContainersAndLegacyNamesHoldTheWeightsOfPreNorm()
    {
        using var reference = CausalLM.Load(GoldenFolder.Folder("opt/pre-norm"), float32);
        string[] same = ["opt/sharded", .. Directory.GetDirectories(GoldenFolder.Folder("opt/legacy-names")).Order().Select(d => Path.Combine("opt", "legacy-names", Path.GetFileName(d)))];
        foreach (var folder in same)
            foreach (var file in WeightFiles(GoldenFolder.Folder(folder)))
            {
                using var loaded = LoadWith(GoldenFolder.Folder(folder), file);
                GoldenFolder.Report(Path.Combine(folder, file), "weights", LargestDifference(reference.Parameters, loaded.Parameters), 0);
            }
    }

    [Fact]
    public void OldStyleConfigMeansTheSame()
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
        var folders = Directory.GetDirectories(GoldenFolder.Folder(family)).Where(d => File.Exists(Path.Combine(d, "expected.safetensors"))).Order().ToList();
        Assert.NotEmpty(folders);
        foreach (var folder in folders)
            foreach (var file in WeightFiles(folder))
            {
                using var model = LoadWith(folder, file);
                Compare(model, folder, Path.Combine(family, Path.GetFileName(folder), file), tolerance);
            }
    }

    static void Compare(CausalLM model, string folder, string name, double tolerance)
    {
        using var expected = new Safetensors(Path.Combine(folder, "expected.safetensors"));
        var names = expected.Tensors.Select(t => t.Name).ToHashSet();
        var (logits, hidden, loss, gradients) = (0.0, 0.0, 0.0, 0.0);
        foreach (var @case in names.Where(n => n.EndsWith(".input_ids")).Select(n => n[..^".input_ids".Length]).Order())
        {
            using var scope = NewDisposeScope();
            Tensor? Find(string what) => names.Contains($"{@case}.{what}") ? expected.Read($"{@case}.{what}") : null;
            var ids = Find("input_ids")!;
            var mask = @case is "none" or "pad_id_inside" ? null : Find("attention_mask");
            var attended = (Find("attention_mask") ?? ones_like(ids)).to(@bool).unsqueeze(-1);
            foreach (var parameter in model.Parameters.Values) parameter.grad = null;

            var states = new List<Tensor>();
            var output = nn.functional.linear(model.Decode(ids, mask, hiddenStates: states), model.HeadWeight);
            if (Find("logits") is { } wanted) logits = Math.Max(logits, Difference(output, wanted, attended));
            for (var i = 0; Find($"hidden_states.{i}") is { } state; i++) hidden = Math.Max(hidden, Difference(states[i], state, attended));
            if (Find("labels") is { } labels && Find("loss") is { } wantedLoss)
            {
                var cut = output.narrow(1, 0, ids.shape[1] - 1).reshape(-1, output.shape[2]);
                var found = nn.functional.cross_entropy(cut, labels.narrow(1, 1, ids.shape[1] - 1).reshape(-1), ignore_index: -100);
                loss = Math.Max(loss, Math.Abs(found.item<float>() - wantedLoss.item<float>()));
                found.backward();
                foreach (var gradient in names.Where(n => n.StartsWith($"{@case}.grad.")))
                    gradients = Math.Max(gradients, Difference(model.Parameters[gradient[$"{@case}.grad.".Length..]].grad!, expected.Read(gradient)));
            }

            foreach (var state in states) state.Dispose();
        }

        GoldenFolder.Report(name, "logits", logits, tolerance);
        GoldenFolder.Report(name, "hidden states", hidden, tolerance);
        GoldenFolder.Report(name, "loss", loss, LossTolerance);
        GoldenFolder.Report(name, "gradients", gradients, GradientTolerance);
    }

    static IEnumerable<string> WeightFiles(string folder) => Directory.GetFiles(folder)
        .Select(f => Path.GetFileName(f))
        .Where(f => f is "model.safetensors" or "pytorch_model.bin" or "model.safetensors.index.json" or "pytorch_model.bin.index.json").Order();

    /// <summary>Loads a folder with one of its containers only.</summary>
    static CausalLM LoadWith(string folder, string file)
    {
        using var alone = new TemporaryFolder();
        foreach (var f in Directory.GetFiles(folder))
            if (Path.GetFileName(f) is var n && (n == "config.json" || Extension(n) == Extension(file)) && (n == file || !n.EndsWith(".index.json")))
                File.CreateSymbolicLink(Path.Combine(alone.Path, n), f);
        return CausalLM.Load(alone.Path, float32);

        static string Extension(string n) => n.Contains("safetensors") ? "safetensors" : n.Contains(".bin") ? "bin" : "";
    }

    internal static double LargestDifference(IReadOnlyDictionary<string, Tensor> a, IReadOnlyDictionary<string, Tensor> b)
    {
        Assert.Equal(a.Keys.Order(), b.Keys.Order());
        return a.Max(p => Difference(p.Value, b[p.Key]));
    }

    internal static double Difference(Tensor found, Tensor wanted, Tensor? where = null)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(wanted.shape, found.shape);
        var difference = (found.detach().to(float64) - wanted.detach().to(float64)).abs();
        if (where is not null) difference *= where;
        return difference.max().item<double>();
    }
}
