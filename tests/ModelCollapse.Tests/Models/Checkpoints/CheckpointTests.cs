using System.IO.Compression;
using System.Text.Json;
using CsCheck;
using ModelCollapse.Models;
using ModelCollapse.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Models.Checkpoints;

/// <summary>What is written is what is read.</summary>
public class CheckpointTests
{
    static readonly ScalarType[] Types = [float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8, @bool];

    [Fact]
    public void Safetensors_come_back_in_every_type_and_shape() =>
        Gen.Select(Gen.Int[0, Types.Length - 1], Gen.Long[0, 4].Array[0, 3]).Array[0, 6].Sample(tensors =>
        {
            using var scope = NewDisposeScope();
            using var folder = new TemporaryFolder();
            var named = tensors.Select((t, i) => KeyValuePair.Create($"tensor \"{i}\" é", randn(t.Item2).mul(3).to(Types[t.Item1]))).ToList();
            var metadata = new Dictionary<string, string> { ["format"] = "pt", ["a"] = "ü\n" };
            Safetensors.Write(folder.File("a.safetensors"), named, metadata);
            Safetensors.Write(folder.File("b.safetensors"), named, metadata);
            Assert.Equal(File.ReadAllBytes(folder.File("a.safetensors")), File.ReadAllBytes(folder.File("b.safetensors")));
            using var read = new Safetensors(folder.File("a.safetensors"));
            Assert.Equal(metadata.OrderBy(m => m.Key), read.Metadata.OrderBy(m => m.Key));
            Assert.Equal(named.Select(n => n.Key), read.Tensors.Select(t => t.Name));
            foreach (var (name, tensor) in named) RequireSame(tensor, read.Read(name));
        }, iter: 60);

    [Fact]
    public void A_tensor_that_is_not_contiguous_is_written_as_it_looks()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var tensor = arange(12, float32).view(3, 4).t();
        Safetensors.Write(folder.File("x.safetensors"), [new("x", tensor)]);
        using var read = new Safetensors(folder.File("x.safetensors"));
        RequireSame(tensor.contiguous(), read.Read("x"));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(100, 3)]
    [InlineData(150, 2)]
    [InlineData(long.MaxValue / 2, 1)]
    public void Shards_hold_at_most_as_much_as_they_may_and_their_index_finds_every_tensor(long bytes, int files)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Dictionary<string, Tensor> tensors = new() { ["a"] = randn(10), ["b"] = randn(5, 5), ["c"] = randn(3).to(bfloat16), ["d"] = randn(8) }; // 40, 100, 6, 32 bytes
        Safetensors.WriteSharded(folder.Path, tensors, bytes, new Dictionary<string, string> { ["format"] = "pt" });

        var shards = Directory.GetFiles(folder.Path, "*.safetensors").Order().ToList();
        Assert.Equal(Enumerable.Range(1, files).Select(i => $"model-{i:D5}-of-{files:D5}.safetensors"), shards.Select(f => Path.GetFileName(f)));
        foreach (var shard in shards)
        {
            using var one = new Safetensors(shard);
            Assert.True(one.Tensors.Count == 1 || one.Tensors.Sum(t => t.Count * (t.DType == bfloat16 ? 2 : 4)) <= bytes);
            Assert.Equal("pt", one.Metadata["format"]);
        }

        var index = JsonDocument.Parse(File.ReadAllText(folder.File("model.safetensors.index.json"))).RootElement;
        Assert.Equal(178, index.GetProperty("metadata").GetProperty("total_size").GetInt64());
        Assert.Equal(tensors.Keys, index.GetProperty("weight_map").EnumerateObject().Select(w => w.Name));
        using var whole = Checkpoint.Open(folder.Path);
        Assert.Equal(tensors.Keys.Order(), whole.Tensors.Select(t => t.Name).Order());
        foreach (var (name, tensor) in tensors) RequireSame(tensor, whole.Read(name));
    }

    [Theory, MemberData(nameof(RandomModels.Names), MemberType = typeof(RandomModels))]
    public void A_model_comes_back_as_it_was_in_both_types_whole_and_in_shards(string name)
    {
        foreach (var dtype in (ScalarType[])[float32, bfloat16])
        {
            using var folder = new TemporaryFolder();
            using var model = RandomModels.Create(name, 1, dtype);
            model.Save(folder.Path);
            using (var loaded = CausalLM.Load(folder.Path, dtype))
            {
                Assert.Equal(model.WeightsHash(), loaded.WeightsHash());
                Assert.Equal(model.Config with { EosIds = [] }, loaded.Config with { EosIds = [] });
                Assert.Equal(model.Config.EosIds, loaded.Config.EosIds);
            }

            var weights = folder.File("model.safetensors");
            var before = File.ReadAllBytes(weights);
            model.Save(folder.Path);
            Assert.Equal(before, File.ReadAllBytes(weights));
            File.Delete(weights);
            Safetensors.WriteSharded(folder.Path, model.Parameters, maxShardBytes: 4096);
            using var sharded = CausalLM.Load(folder.Path, dtype);
            Assert.Equal(model.WeightsHash(), sharded.WeightsHash());
        }
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void A_pickle_written_by_hand_is_read(CompressionLevel compression)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        float[] values = [.. Enumerable.Range(0, 12).Select(i => i * 0.5f - 2)];
        var file = new TorchFile { Compression = compression, Folder = "some_model" }.Global("collections", "OrderedDict").Op(')').Op('R').Entry("plain", values, 3, 4);
        // Views of that storage: transposed, every second column, one element repeated; and a parameter.
        file.Text("transposed").Tensor("0", "FloatStorage", 12, 0, [4, 3], [1, 4]).Op('s');
        file.Text("columns").Tensor("0", "FloatStorage", 12, 1, [3, 2], [4, 2]).Op('s');
        file.Text("repeated").Tensor("0", "FloatStorage", 12, 5, [7], [0]).Op('s');
        file.Text("parameter").Global("torch._utils", "_rebuild_parameter").Op('(').Tensor("0", "FloatStorage", 12, 8, [4], [1]).Op(0x88).Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R').Op('s');
        file.Storages.Add("1", [.. new long[] { 1, -2, long.MaxValue }.SelectMany(BitConverter.GetBytes)]);
        file.Text("integers").Tensor("1", "LongStorage", 3, 0, [3], [1]).Op('s');
        file.Text("epoch").Integer(3).Op('s'); // no tensor: ignored

        using var read = new PyTorchBin(file.Write(folder.File("pytorch_model.bin")));
        var plain = tensor(values).view(3, 4);
        Assert.Equal(["plain", "transposed", "columns", "repeated", "parameter", "integers"], read.Tensors.Select(t => t.Name));
        RequireSame(plain, read.Read("plain"));
        RequireSame(plain.t().contiguous(), read.Read("transposed"));
        RequireSame(stack([plain.select(1, 1), plain.select(1, 3)], 1), read.Read("columns"));
        RequireSame(full([7], values[5]), read.Read("repeated"));
        RequireSame(tensor(values[8..]), read.Read("parameter"));
        RequireSame(tensor(new[] { 1, -2, long.MaxValue }), read.Read("integers"));
    }

    [Fact]
    public void A_whole_model_in_a_pickle_written_by_hand_is_loaded()
    {
        using var folder = new TemporaryFolder();
        using var model = RandomModels.Create("opt");
        model.Save(folder.Path);
        File.Delete(folder.File("model.safetensors"));
        var file = new TorchFile().Op('}');
        foreach (var (name, weight) in model.Parameters) file.Entry(name["model.".Length..], weight.detach().data<float>().ToArray(), weight.shape); // Meta's old names
        file.Write(folder.File("pytorch_model.bin"));
        using var loaded = CausalLM.Load(folder.Path, float32);
        Assert.Equal(model.WeightsHash(), loaded.WeightsHash());
    }

    static void RequireSame(Tensor wanted, Tensor found)
    {
        Assert.Equal(wanted.dtype, found.dtype);
        Assert.Equal(wanted.shape, found.shape);
        if (wanted.NumberOfElements > 0) Assert.Equal(wanted.bytes.ToArray(), found.bytes.ToArray());
    }
}
