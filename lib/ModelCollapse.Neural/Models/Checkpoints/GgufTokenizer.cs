using ModelCollapse.Text;

namespace ModelCollapse.Models.Checkpoints;

/// <summary>The byte-pair tokenizer inside a GGUF file: its <c>tokenizer.ggml.*</c> metadata.</summary>
public static class GgufTokenizer
{
    const string Prefix = "tokenizer.ggml.";

    /// <summary>Reads it.</summary>
    /// <param name="path">The GGUF file.</param>
    /// <exception cref="InputException">The file is damaged, or has no tokenizer of this kind.</exception>
    public static BytePairTokenizer Read(string path)
    {
        using var file = new Gguf(path);
        if (file.Get<string>(Prefix + "model") is not "gpt2" and var model)
            throw new InputException($"{path} holds a tokenizer of type {model}: only byte-level byte-pair encoding (gpt2) is read.");
        var tokens = file.Get<string[]>(Prefix + "tokens");
        var types = file.TryGet<object[]>(Prefix + "token_type", out var found) ? Array.ConvertAll(found, Convert.ToInt32) : [.. Enumerable.Repeat(1, tokens.Length)];
        return BytePairTokenizer.FromGgufParts(
            tokens, file.Get<string[]>(Prefix + "merges"), types, file.TryGet<string>(Prefix + "pre", out var pre) ? pre : "default",
            Id("bos"), Id("eos"), Id("padding"), file.TryGet<bool>(Prefix + "add_bos_token", out var addBos) && addBos);

        int? Id(string name) => file.TryGet<int>($"{Prefix}{name}_token_id", out var id) ? id : null;
    }
}
