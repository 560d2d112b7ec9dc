using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelCollapse.Text;

/// <summary>
/// A tokenizer on disk as Hugging Face writes GPT-2's: <c>vocab.json</c>, <c>merges.txt</c>, <c>tokenizer_config.json</c>. The last gets
/// one field more, <c>pre_tokenizer</c>: <c>gpt2</c> or <c>smollm</c>.
/// </summary>
static class TokenizerFiles
{
    const string VocabularyFile = "vocab.json", MergesFile = "merges.txt", ConfigFile = "tokenizer_config.json";

    static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the published OPT tokenizer says of itself.</summary>
    public static JsonObject Opt => new()
    {
        ["bos_token"] = "</s>", ["eos_token"] = "</s>", ["unk_token"] = "</s>", ["pad_token"] = "<pad>", ["add_bos_token"] = true,
    };

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">What to use instead of <c>tokenizer_config.json</c>; null to read that file, or OPT's where there is none.</param>
    public static TokenizerVocabulary Read(string folder, JsonObject? config = null)
    {
        var path = Path.Combine(folder, ConfigFile);
        config ??= File.Exists(path) ? Object(path) : Opt;
        var ids = Vocabulary(Path.Combine(folder, VocabularyFile));
        var added = Added(config, path);
        foreach (var name in new[] { "bos_token", "eos_token", "unk_token", "pad_token" })
            if (Name(config[name]) is { } text && added.TrueForAll(t => t.Text != text))
                added.Add(new(ids.TryGetValue(text, out var id) ? id : throw Missing(text), text, true));

        var tokens = new string?[ids.Values.Concat(added.Select(t => t.Id)).Max() + 1];
        foreach (var (token, id) in ids)
        {
            if (tokens[id] is { } other) throw new InputException($"{Path.Combine(folder, VocabularyFile)} gives '{other}' and '{token}' the same id {id}: get the file again.");
            tokens[id] = token;
        }

        return new TokenizerVocabulary
        {
            Tokens = tokens,
            Merges = Merges(Path.Combine(folder, MergesFile)),
            Added = [.. added.OrderBy(t => t.Id)],
            PreTokenization = (string?)config["pre_tokenizer"] switch
            {
                null or "gpt2" => PreTokenization.Gpt2,
                "smollm" => PreTokenization.SmolLM,
                var other => throw new InputException($"{path} asks for the pre-tokenizer '{other}': change it to gpt2 or smollm."),
            },
            BosId = IdOf("bos_token"),
            EosIds = IdOf("eos_token") is { } eos ? [eos] : [],
            PadId = IdOf("pad_token"),
            AddBos = (bool?)config["add_bos_token"] ?? false,
        }.Checked(folder);

        int? IdOf(string name) => Name(config[name]) is { } text ? added.Single(t => t.Text == text).Id : null;

        InputException Missing(string text) => new($"{Path.Combine(folder, VocabularyFile)} has no token '{text}': it is not the vocabulary of this tokenizer, so get the file again.");
    }

    /// <summary>Writes a folder that <c>Read</c> reads back.</summary>
    public static void Write(string folder, TokenizerVocabulary vocabulary)
    {
        var ids = new JsonObject();
        foreach (var (token, id) in vocabulary.Ids) ids[token] = id;
        var added = new JsonObject();
        foreach (var token in vocabulary.Added) added[$"{token.Id}"] = new JsonObject { ["content"] = token.Text, ["special"] = token.Special };
        var config = new JsonObject
        {
            ["tokenizer_class"] = "GPT2Tokenizer",
            ["pre_tokenizer"] = vocabulary.PreTokenization == PreTokenization.SmolLM ? "smollm" : "gpt2",
            ["add_prefix_space"] = false,
            ["add_bos_token"] = vocabulary.AddBos,
            ["added_tokens_decoder"] = added,
        };
        foreach (var (name, id) in new[] { ("bos_token", vocabulary.BosId), ("eos_token", vocabulary.EosIds.Cast<int?>().FirstOrDefault()), ("pad_token", vocabulary.PadId) })
            if (id is { } known) config[name] = vocabulary.Added.FirstOrDefault(t => t.Id == known)?.Text ?? vocabulary.Tokens[known];
        File.WriteAllText(Path.Combine(folder, VocabularyFile), ids.ToJsonString(Json) + "\n");
        File.WriteAllText(Path.Combine(folder, MergesFile), string.Join('\n', ["#version: 0.2", .. vocabulary.Merges]) + "\n");
        File.WriteAllText(Path.Combine(folder, ConfigFile), config.ToJsonString(Json) + "\n");
    }

    static Dictionary<string, int> Vocabulary(string path)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        foreach (var (token, value) in Object(path))
            ids[token] = value is JsonValue number && number.TryGetValue<int>(out var id) && id >= 0 ? id : throw new InputException($"{path} gives the token '{token}' no id: get the file again.");
        return ids;
    }

    static string[] Merges(string path)
    {
        var lines = Read(path).Split('\n');
        // Only the first line can be a comment: '#version…' further down would be a merge.
        return [.. lines.SkipWhile((line, i) => i == 0 && line.StartsWith("#version", StringComparison.Ordinal)).Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0)];
    }

    static List<AddedToken> Added(JsonObject config, string path)
    {
        if (config["added_tokens_decoder"] is not JsonObject listed) return [];
        return [.. listed.Select(t => int.TryParse(t.Key, out var id) && t.Value is JsonObject o && Name(o) is { } text
            ? new AddedToken(id, text, (bool?)o["special"] ?? false)
            : throw new InputException($"{path} has no text for the added token '{t.Key}': get the file again."))];
    }

    // Hugging Face writes a special token as its text, or as an object with the text in "content".
    static string? Name(JsonNode? node) => node switch
    {
        JsonObject o => (string?)o["content"],
        JsonValue v when v.TryGetValue<string>(out var text) => text,
        _ => null,
    };

    static JsonObject Object(string path)
    {
        try
        {
            return JsonNode.Parse(Read(path)) as JsonObject ?? throw new InputException($"{path} is not a JSON object: get the file again.");
        }
        catch (JsonException e)
        {
            throw new InputException($"{path} is not valid JSON ({e.Message}): get the file again.", e);
        }
    }

    static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path} is missing: a tokenizer needs {VocabularyFile} and {MergesFile}.", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException($"{path} is not UTF-8 text: get the file again.", e);
        }
    }
}
