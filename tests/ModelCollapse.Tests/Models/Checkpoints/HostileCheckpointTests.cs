using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ModelCollapse.Models;
using ModelCollapse.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Models.Checkpoints;

/// <summary>Whatever a file holds: it is read, or refused in one sentence that says why. Nothing else escapes, and nothing in it is executed.</summary>
public class HostileCheckpointTests
{
    const int Flips = 1500;

    public static TheoryData<string> Kinds => ["safetensors", "bin", "gguf"];

    // --- Damage of any kind ---

    [Theory, MemberData(nameof(Kinds))]
    public void A_file_that_ends_anywhere_is_refused(string kind)
    {
        using var folder = new TemporaryFolder();
        var file = Small(kind, folder);
        var whole = File.ReadAllBytes(file);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(file, whole[..length]);
            var error = ReadAll(file);
            Assert.True(error is not null, $"The first {length} of {whole.Length} bytes were taken for the whole file.");
            Assert.Contains(file, error.Message);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Flipped_bits_are_read_or_refused(string kind)
    {
        using var folder = new TemporaryFolder();
        var file = Small(kind, folder);
        var whole = File.ReadAllBytes(file);
        var random = new Random(1);
        for (var i = 0; i < Flips; i++)
        {
            var bytes = whole.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            if (random.Next(4) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(file, bytes);
            try
            {
                ReadAll(file);
            }
            catch (Exception e)
            {
                Assert.Fail($"Change {i} of a {kind} file: {e}");
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_model_of_flipped_bits_is_loaded_or_refused(string kind)
    {
        using var folder = new TemporaryFolder();
        var file = SmallModel(kind, folder);
        var path = kind == "gguf" ? file : folder.Path;
        using (var model = CausalLM.Load(path, float32)) Assert.NotEmpty(model.Parameters);
        string[] targets = kind == "gguf" ? [file] : [file, folder.File("config.json")];
        var random = new Random(2);
        foreach (var target in targets)
        {
            var whole = File.ReadAllBytes(target);
            for (var i = 0; i < Flips / 3; i++)
            {
                var bytes = whole.ToArray();
                // The first half kilobyte says what a file is; the rest is mostly weights.
                bytes[random.Next(random.Next(2) == 0 ? Math.Min(512, bytes.Length) : bytes.Length)] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(target, bytes);
                try
                {
                    using var model = CausalLM.Load(path, float32);
                }
                catch (InputException e)
                {
                    Assert.NotEmpty(e.Message);
                }
                catch (Exception e)
                {
                    Assert.Fail($"Change {i} of {target}: {e}");
                }
            }

            File.WriteAllBytes(target, whole);
        }
    }

    // --- Safetensors ---

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", 16, "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "b does not begin where the tensor before it ends")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}""", 20, "b does not begin where the tensor before it ends")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "a would need 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "its header describes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "a has a shape and a place that do not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "a has a shape and a place that do not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "a has a shape and a place that do not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "a has a shape and a place that do not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8, "a has a shape and a place that do not fit")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", 8, "a has type F8_E4M3")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "damaged")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,0],"data_offsets":[0,0]}}""", 0, "a has a shape and a place that do not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", 4, "a has a shape and a place that do not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}""", 8, "its header cannot be read")]
    [InlineData("""{"a":{"dtype":7,"shape":[2],"data_offsets":[0,8]}}""", 8, "its header cannot be read")]
    [InlineData("""{"a":{"dtype":null,"shape":[2],"data_offsets":[0,8]}}""", 8, "its header cannot be read")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "its header cannot be read")]
    [InlineData("""{"a":"F32"}""", 8, "its header cannot be read")]
    [InlineData("""[1,2]""", 0, "its header cannot be read")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "its header cannot be read")]
    [InlineData("""{"a":""", 0, "its header cannot be read")]
    public void A_safetensors_header_that_makes_no_sense_is_refused(string header, int data, string reason)
    {
        using var folder = new TemporaryFolder();
        Refused(WriteSafetensors(folder.File("x.safetensors"), header, new byte[data]), reason);
    }

    [Theory]
    [InlineData(0, "its header claims 0 bytes")]
    [InlineData(-1, "its header claims -1 bytes")]
    [InlineData(long.MaxValue, "its header claims 9223372036854775807 bytes")]
    [InlineData(90_000_000, "the header would need 90000000 bytes")]
    public void A_lie_about_the_length_of_the_header_is_refused(long claimed, string reason)
    {
        using var folder = new TemporaryFolder();
        Refused(WriteSafetensors(folder.File("x.safetensors"), "{}", new byte[100], claimed), reason);
    }

    // --- PyTorch ---

    [Theory]
    [InlineData("os", "system", "os.system")]
    [InlineData("posix", "system", "posix.system")]
    [InlineData("builtins", "eval", "builtins.eval")]
    [InlineData("torch", "load", "torch.load")]
    [InlineData("torch._utils", "_rebuild_tensor", "torch._utils._rebuild_tensor")]
    public void A_pickle_that_asks_for_code_is_refused_by_name_and_not_executed(string module, string name, string asked)
    {
        using var folder = new TemporaryFolder();
        var trace = folder.File("trace");
        Refused(new TorchFile().Op('}').Text("x").Global(module, name).Text($"touch {trace}").Op(0x85).Op('R').Op('s').Write(folder.File("global.bin")), asked);
        Refused(new TorchFile().Op('}').Text("x").Text(module).Text(name).Op(0x93).Text($"touch {trace}").Op(0x85).Op('R').Op('s').Write(folder.File("stack-global.bin")), asked);
        Assert.False(File.Exists(trace));
    }

    [Theory]
    [InlineData((byte)'i', "0x69")] // INST
    [InlineData((byte)'o', "0x6f")] // OBJ
    [InlineData(0x81, "0x81")] // NEWOBJ
    [InlineData(0x82, "0x82")] // EXT1
    [InlineData((byte)'P', "0x50")] // PERSID
    [InlineData(0xff, "0xff")]
    public void A_pickle_instruction_that_no_checkpoint_needs_is_refused(byte op, string named)
    {
        using var folder = new TemporaryFolder();
        Refused(new TorchFile().Op('}').Op(op).Write(folder.File("x.bin")), $"the pickle instruction {named}");
    }

    [Fact]
    public void Pickles_that_make_no_sense_are_refused()
    {
        TorchFile[] senseless =
        [
            new(), // nothing on the stack
            new TorchFile().Op('N'), new TorchFile().Op(']'), new TorchFile().Integer(1),
            new TorchFile().Op('}').Op('t'), new TorchFile().Op('}').Op('N').Op('a'), new TorchFile().Op('N').Text("x").Text("y").Op('s'),
            new TorchFile().Op('}').Op('h').Op(9), new TorchFile().Op('}').Op('N').Op('N').Op('R'), new TorchFile().Op('}').Op('N').Op('Q'),
            new TorchFile().Op('}').Op('c'), new TorchFile().Op('}').Op('X').Op(255, 255, 255, 255), new TorchFile().Op('}').Op(0x8a, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1),
            new TorchFile().Op('}').Text("x").Global("torch._utils", "_rebuild_tensor_v2").Op('(').Op('N').Op('N').Op('N').Op('N').Op('t').Op('R').Op('s'),
            new TorchFile().Op('}').Text("x").Global("torch._utils", "_rebuild_tensor_v2").Op('(').Op('N').Integer(0).Tuple(1).Tuple(1).Op('t').Op('R').Op('s'),
            new TorchFile().Op('}').Text("x").Global("torch", "FloatStorage").Op(')').Op('R').Op('s'),
        ];
        using var folder = new TemporaryFolder();
        foreach (var (i, file) in senseless.Index())
            Assert.NotNull(ReadAll(file.Write(folder.File($"{i}.bin"))));
    }

    [Theory]
    [InlineData("FloatStorage", 4, 0, new long[] { 5 }, new long[] { 1 }, "x reaches beyond its storage")]
    [InlineData("FloatStorage", 4, 3, new long[] { 2 }, new long[] { 1 }, "x reaches beyond its storage")]
    [InlineData("FloatStorage", 4, 0, new long[] { 2, 2 }, new long[] { 3, 1 }, "x reaches beyond its storage")]
    [InlineData("FloatStorage", 4, -1, new long[] { 1 }, new long[] { 1 }, "x has an impossible shape")]
    [InlineData("FloatStorage", 4, 0, new long[] { -1 }, new long[] { 1 }, "x has an impossible shape")]
    [InlineData("FloatStorage", 4, 3, new long[] { 4 }, new long[] { -1 }, "x has an impossible shape")]
    [InlineData("FloatStorage", 4, 0, new long[] { 4 }, new long[] { 1, 1 }, "x has an impossible shape")]
    [InlineData("FloatStorage", 4, 0, new long[] { 1L << 62, 0 }, new long[] { 1, 1 }, "x has an impossible shape")]
    [InlineData("FloatStorage", 4, 0, new[] { 1L << 40 }, new long[] { 0 }, "x repeats its storage beyond reason")]
    [InlineData("FloatStorage", 4, 0, new[] { 1L << 40, 1L << 40 }, new long[] { 0, 0 }, "x has an impossible shape")]
    [InlineData("FloatStorage", 4, 0, new[] { 3, 3L }, new[] { long.MaxValue, 1 }, "makes no sense")]
    [InlineData("FloatStorage", 5, 0, new long[] { 4 }, new long[] { 1 }, "the storage of x has 16 bytes instead of 20")]
    [InlineData("DoubleStorage", 4, 0, new long[] { 4 }, new long[] { 1 }, "the storage of x has 16 bytes instead of 32")]
    [InlineData("FloatStorage", 1L << 40, 0, new[] { 1L << 40 }, new long[] { 1 }, "the storage of x has 16 bytes")]
    [InlineData("FloatStorage", long.MaxValue, 0, new long[] { 4 }, new long[] { 1 }, "makes no sense")]
    [InlineData("FloatStorage", -4, 0, new long[] { 4 }, new long[] { 1 }, "a storage that is described wrongly")]
    [InlineData("QInt8Storage", 4, 0, new long[] { 4 }, new long[] { 1 }, "torch.QInt8Storage")]
    public void A_tensor_that_does_not_lie_in_its_storage_is_refused(string type, long count, long offset, long[] shape, long[] strides, string reason)
    {
        using var folder = new TemporaryFolder();
        var file = new TorchFile().Op('}').Text("x").Tensor("0", type, count, offset, shape, strides).Op('s');
        file.Storages.Add("0", new byte[16]);
        Refused(file.Write(folder.File("x.bin")), reason);
    }

    [Fact]
    public void Missing_parts_of_a_PyTorch_file_are_named()
    {
        using var folder = new TemporaryFolder();
        Refused(new TorchFile().Op('}').Text("x").Tensor("7", "FloatStorage", 4, 0, [4], [1]).Op('s').Write(folder.File("storage.bin")), "the storage 7 is missing");
        using (var zip = ZipFile.Open(folder.File("empty.bin"), ZipArchiveMode.Create)) zip.CreateEntry("archive/version");
        Refused(folder.File("empty.bin"), "it has no data.pkl");
        Refused(new TorchFile().Op('}').Entry("x", [1], 1).Entry("x", [2], 1).Write(folder.File("twice.bin")), "x is there twice");
        File.WriteAllText(folder.File("text.bin"), "not a zip");
        Refused(folder.File("text.bin"), "it is not a whole zip file");
        var big = new TorchFile().Op('}').Entry("x", [1], 1).Write(folder.File("big.bin"));
        using (var zip = ZipFile.Open(big, ZipArchiveMode.Update))
        {
            zip.GetEntry("archive/byteorder")!.Delete();
            using var writer = new StreamWriter(zip.CreateEntry("archive/byteorder").Open());
            writer.Write("big");
        }

        Refused(big, "big-endian");
    }

    [Fact]
    public void A_zip_bomb_is_refused_before_it_is_unpacked()
    {
        const int size = 200 << 20;
        using var folder = new TemporaryFolder();
        var storage = new TorchFile { Compression = CompressionLevel.SmallestSize }.Op('}').Text("x").Tensor("0", "ByteStorage", size, 0, [size], [1]).Op('s');
        storage.Storages.Add("0", new byte[size]);
        var file = storage.Write(folder.File("storage.bin"));
        Assert.True(new FileInfo(file).Length < 1 << 20);
        Refused(file, "more than it can hold");

        using (var zip = ZipFile.Open(folder.File("pickle.bin"), ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("archive/data.pkl", CompressionLevel.SmallestSize).Open();
            entry.Write(new byte[size]);
        }

        Refused(folder.File("pickle.bin"), "more than it can hold");
    }

    // --- GGUF ---

    [Fact]
    public void A_gguf_that_lies_is_refused()
    {
        using var folder = new TemporaryFolder();
        float[] four = [1, 2, 3, 4];
        Check("tensors", new GgufFile { ClaimedTensors = 1UL << 60 }, "claims 1152921504606846976 tensors");
        Check("version", new GgufFile { Version = 1 }, "GGUF version 1");
        Check("twice", new GgufFile().Tensor("a", four, 4).Tensor("a", four, 4), "a is there twice");
        Check("key", new GgufFile().With("k", 1).With("k", 2), "the metadata key k is there twice");
        Check("overlap", new GgufFile().Tensor("a", four, 4).Describe("b", 8, [4]).Tensor("c", four, 4), "b begins before the tensor before it ends");
        Check("outside", new GgufFile().Tensor("a", four, 4).Describe("b", 1 << 20, [4]), "b would need 16 bytes");
        Check("place", new GgufFile().Tensor("a", four, 4).Describe("b", ulong.MaxValue, [4]), "b has a negative place");
        Check("far", new GgufFile().Tensor("a", four, 4).Describe("b", long.MaxValue, [4]), "its header cannot be read");
        Check("huge", new GgufFile().Describe("b", 0, [1L << 62, 4]), "b has an impossible shape");
        Check("empty", new GgufFile().Describe("b", 0, [1L << 62, 0]), "b has an impossible shape");
        Check("large", new GgufFile().Describe("b", 0, [1L << 40]), "b would need 4398046511104 bytes");
        Check("dimensions", new GgufFile().Describe("b", 0, [1, 1, 1, 1, 1]), "b has 5 dimensions");
        Check("type", new GgufFile().Describe("b", 0, [32], type: 99), "GGUF type 99");
        Check("blocks", new GgufFile().Describe("b", 0, [2, 16], type: 2), "the rows of b are not whole blocks");
        Check("alignment", new GgufFile().With("general.alignment", 0).Tensor("a", four, 4), "its alignment is 0");

        void Check(string name, GgufFile file, string reason)
        {
            var path = file.Write(folder.File($"{name}.gguf"));
            Assert.Contains(reason, Assert.Throws<InputException>(() => { using var gguf = new Gguf(path); }).Message);
        }
    }

    [Theory]
    [InlineData("llama.attention.head_count", 0, "cannot be built")]
    [InlineData("llama.attention.head_count", 3, "cannot share")]
    [InlineData("llama.attention.head_count_kv", 0, "cannot share")]
    [InlineData("llama.attention.key_length", 3, "cannot be rotated in pairs")]
    [InlineData("llama.block_count", 2, "lacks the tensor model.layers.1.")]
    [InlineData("llama.block_count", -1, "cannot be built")]
    [InlineData("llama.feed_forward_length", 7, "where its configuration asks for [7, 8]")]
    [InlineData("llama.attention.layer_norm_rms_epsilon", float.NaN, "constants")]
    [InlineData("llama.rope.scaling.type", "yarn", "scales its rotary positions")]
    [InlineData("general.architecture", "gpt2", "a model of architecture gpt2")]
    public void A_gguf_with_an_impossible_configuration_is_refused(string key, object value, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = GgufModel(folder.File("x.gguf"), metadata => metadata[key] = value);
        Assert.Contains(reason, Assert.Throws<InputException>(() => { using var model = CausalLM.Load(path, float32); }).Message);
    }

    // --- Models ---

    [Fact]
    public void Tensors_that_are_missing_extra_misshapen_or_no_weights_are_named()
    {
        const string bias = "model.decoder.layers.1.fc1.bias";
        Check(w => w.Remove(bias), $"lacks the tensor {bias}");
        Check(w => w[bias] = zeros(41), $"{bias} of shape [41] where its configuration asks for [40]");
        Check(w => w[bias] = zeros(40, 1), $"{bias} of shape [40, 1]");
        Check(w => w[bias] = zeros(40, int64), $"{bias} in Int64, which is no type of weights");
        Check(w => w["model.decoder.surprise"] = zeros(1), "has a tensor model.decoder.surprise");
        Check(w => w["lm_head.weight"] = zeros(RandomModels.Vocabulary, 24), "ties its head to the embedding");
        Check(w => w["lm_head.weight"] = zeros(3, 2), "ties its head to the embedding");
        Check(w => w[bias["model.".Length..]] = zeros(40), $"{bias} twice");

        static void Check(Action<Dictionary<string, Tensor>> change, string reason)
        {
            using var scope = NewDisposeScope();
            using var folder = new TemporaryFolder();
            using var model = RandomModels.Create("opt");
            model.Save(folder.Path);
            var weights = model.Parameters.ToDictionary();
            change(weights);
            Safetensors.Write(folder.File("model.safetensors"), weights);
            Assert.Contains(reason, Assert.Throws<InputException>(() => { using var loaded = CausalLM.Load(folder.Path, float32); }).Message);
        }
    }

    [Theory]
    [InlineData("\"num_attention_heads\": 4", "\"num_attention_heads\": 0", "must all be at least 1")]
    [InlineData("\"num_attention_heads\": 4", "\"num_attention_heads\": 5", "5 heads cannot divide a width of 24")]
    [InlineData("\"num_attention_heads\": 4", "\"num_attention_heads\": 4, \"num_attention_heads\": 4", "is not a readable config.json")]
    [InlineData("\"num_attention_heads\": 4", "\"num_attention_heads\": \"4\"", "not a value of the right type")]
    [InlineData("\"pad_token_id\": 1", "\"pad_token_id\": 99", "the padding id 99")]
    [InlineData("\"eos_token_id\": 2", "\"eos_token_id\": [2, null]", "not a value of the right type")]
    [InlineData("\"model_type\": \"opt\"", "\"model_type\": \"bert\"", "of type \"bert\"")]
    public void A_configuration_that_cannot_be_built_is_refused(string now, string then, string reason)
    {
        using var folder = new TemporaryFolder();
        using var model = RandomModels.Create("opt");
        model.Save(folder.Path);
        var config = File.ReadAllText(folder.File("config.json"));
        Assert.Contains(now, config);
        File.WriteAllText(folder.File("config.json"), config.Replace(now, then));
        Assert.Contains(reason, Assert.Throws<InputException>(() => { using var loaded = CausalLM.Load(folder.Path, float32); }).Message);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"model-00009-of-00009.safetensors"}}""", "which is not there")]
    [InlineData("""{"weight_map":{"b":"one.safetensors"}}""", "says that b is in one.safetensors")]
    [InlineData("""{"weight_map":{"a":"../one.safetensors"}}""", "outside its own folder")]
    [InlineData("""{"weight_map":{"a":"/etc/passwd"}}""", "outside its own folder")]
    [InlineData("""{"weight_map":{"a":null}}""", "outside its own folder")]
    [InlineData("""{"weight_map":{"a":"model.safetensors.index.json"}}""", "another index")]
    [InlineData("""{"weight_map":null}""", "not the index of a sharded checkpoint")]
    [InlineData("""{"weight_map":[1]}""", "not the index of a sharded checkpoint")]
    [InlineData("""[]""", "not the index of a sharded checkpoint")]
    [InlineData("""{"weight_map":""", "not the index of a sharded checkpoint")]
    public void An_index_that_leads_nowhere_is_refused(string index, string reason)
    {
        using var folder = new TemporaryFolder();
        using var one = zeros(1);
        Safetensors.Write(folder.File("one.safetensors"), [new("a", one)]);
        folder.File("model.safetensors.index.json", index);
        Assert.Contains(reason, Assert.Throws<InputException>(() => Checkpoint.Open(folder.Path)).Message);
    }

    // --- Tools ---

    /// <summary>Reads every tensor of a file; null if all went well. Only an <see cref="InputException"/> is caught.</summary>
    static InputException? ReadAll(string file)
    {
        try
        {
            using var scope = NewDisposeScope();
            using Checkpoint checkpoint = file.EndsWith(".gguf") ? new Gguf(file) : Checkpoint.Open(file);
            foreach (var tensor in checkpoint.Tensors) Assert.Equal(tensor.Shape, checkpoint.Read(tensor.Name).shape);
            return null;
        }
        catch (InputException e)
        {
            return e;
        }
    }

    static void Refused(string file, string reason)
    {
        var error = ReadAll(file);
        Assert.NotNull(error);
        Assert.Contains(file, error.Message);
        Assert.Contains(reason, error.Message);
    }

    /// <summary>A file of a few hundred bytes.</summary>
    static string Small(string kind, TemporaryFolder folder)
    {
        using var scope = NewDisposeScope();
        var file = folder.File($"x.{kind}");
        if (kind == "safetensors") Safetensors.Write(file, [new("a", randn(2, 3)), new("b", randn(4).to(bfloat16))], new Dictionary<string, string> { ["format"] = "pt" });
        else if (kind == "bin") new TorchFile().Global("collections", "OrderedDict").Op(')').Op('R').Entry("a", [1, 2, 3, 4, 5, 6], 2, 3).Entry("b", [1], 1).Write(file);
        else new GgufFile().With("general.architecture", "llama").With("n", 7).Tensor("a", [1, 2, 3, 4, 5, 6], 2, 3).Tensor("b", [.. Enumerable.Repeat(1f, 8)], 8).Write(file);
        return file;
    }

    /// <summary>A whole model of a few kilobytes.</summary>
    static string SmallModel(string kind, TemporaryFolder folder)
    {
        var file = folder.File(kind switch { "bin" => "pytorch_model.bin", var other => $"model.{other}" });
        if (kind == "gguf") return GgufModel(file, _ => { });
        using var model = RandomModels.Create("opt no-bias");
        model.Save(folder.Path);
        if (kind != "bin") return file;
        File.Delete(folder.File("model.safetensors"));
        var torchFile = new TorchFile().Op('}');
        foreach (var (name, weight) in model.Parameters) torchFile.Entry(name, weight.detach().data<float>().ToArray(), weight.shape);
        return torchFile.Write(file);
    }

    static string GgufModel(string path, Action<Dictionary<string, object>> change)
    {
        const int width = 8, inner = 16, vocabulary = 5;
        Dictionary<string, object> metadata = new()
        {
            ["general.architecture"] = "llama", ["llama.embedding_length"] = width, ["llama.attention.head_count"] = 4, ["llama.attention.head_count_kv"] = 2,
            ["llama.block_count"] = 1, ["llama.feed_forward_length"] = inner, ["llama.context_length"] = 16, ["llama.attention.layer_norm_rms_epsilon"] = 1e-5f,
        };
        change(metadata);
        var file = new GgufFile();
        foreach (var (key, value) in metadata) file.With(key, value);
        foreach (var (name, rows, columns) in ((string, int, int)[])
            [
                ("token_embd", vocabulary, width), ("output_norm", 0, width), ("blk.0.attn_norm", 0, width), ("blk.0.ffn_norm", 0, width),
                ("blk.0.attn_q", width, width), ("blk.0.attn_k", width / 2, width), ("blk.0.attn_v", width / 2, width), ("blk.0.attn_output", width, width),
                ("blk.0.ffn_gate", inner, width), ("blk.0.ffn_up", inner, width), ("blk.0.ffn_down", width, inner),
            ])
        {
            float[] values = [.. Enumerable.Range(0, Math.Max(rows, 1) * columns).Select(i => i * 0.01f)];
            if (rows == 0) file.Tensor(name + ".weight", values, columns);
            else file.Tensor(name + ".weight", values, rows, columns);
        }

        return file.Write(path);
    }

    static string WriteSafetensors(string path, string header, byte[] data, long? claimed = null)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, claimed ?? text.Length);
        File.WriteAllBytes(path, [.. length, .. text, .. data]);
        return path;
    }
}
