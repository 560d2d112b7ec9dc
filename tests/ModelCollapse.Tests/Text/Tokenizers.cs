using System.Text.Json;
using ModelCollapse.Text;

namespace ModelCollapse.Tests.Text;

/// <summary>The two real tokenizers, read once.</summary>
static class Tokenizers
{
    static readonly Lazy<BytePairTokenizer> LazyOpt = new(() => BytePairTokenizer.Opt(TestData.Path("opt-tokenizer")));
    static readonly Lazy<BytePairTokenizer> LazySmolLM2 = new(ReadSmolLM2);

    public static BytePairTokenizer Opt => LazyOpt.Value;

    public static BytePairTokenizer SmolLM2 => LazySmolLM2.Value;

    static BytePairTokenizer ReadSmolLM2()
    {
        var description = GoldenFolder.Json("smollm2/tokenizer.json");
        var tokens = Lines("smollm2/vocab.txt");
        var control = description.GetProperty("control_tokens").EnumerateObject().Select(t => t.Value.GetInt32()).ToHashSet();
        var ids = description.GetProperty("special_ids");
        return BytePairTokenizer.FromGgufParts(
            tokens, Lines("smollm2/merges.txt"), [.. tokens.Select((_, id) => control.Contains(id) ? 3 : 1)], description.GetProperty("pre").GetString()!,
            ids.GetProperty("bos").GetInt32(), ids.GetProperty("eos").GetInt32(), ids.GetProperty("padding").GetInt32(), description.GetProperty("add_bos_token").GetBoolean());
    }

    static string[] Lines(string file) => File.ReadAllText(GoldenFolder.File(file)).TrimEnd('\n').Split('\n');
}
