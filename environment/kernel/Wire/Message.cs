using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;

namespace ModelCollapse.Kernel.Wire;

/// <summary>A request of a front end. <see cref="Header"/> stays as it came, to be the parent header of all that answers it.</summary>
/// <param name="Identities">Frames before the delimiter: where the answer goes.</param>
sealed record Message(byte[][] Identities, byte[] Header, JsonElement Content)
{
    static readonly byte[] Delimiter = Encoding.ASCII.GetBytes("<IDS|MSG>");
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly string Session = Guid.NewGuid().ToString();

    public string Type { get; } = JsonDocument.Parse(Header).RootElement.GetProperty("msg_type").GetString()!;

    public string Text(string name) => Content.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
    public int Number(string name, int otherwise) => Content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : otherwise;
    public bool Flag(string name, bool otherwise) => Content.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : otherwise;

    /// <summary>The message in <paramref name="frames"/>, or null where it is malformed or its signature is wrong.</summary>
    public static Message? Parse(NetMQMessage frames, MessageSigning signing)
    {
        var parts = frames.Select(f => f.ToByteArray()).ToArray();
        var start = Array.FindIndex(parts, p => p.AsSpan().SequenceEqual(Delimiter));
        if (start < 0 || parts.Length < start + 6) return null;
        if (!signing.IsValid(parts[start + 1], parts[start + 2], parts[start + 3], parts[start + 4], parts[start + 5])) return null;
        try
        {
            return new(parts[..start], parts[start + 2], JsonDocument.Parse(parts[start + 5]).RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The frames of a new message.</summary>
    /// <param name="first">Identities of the receiver, or the topic.</param>
    public static NetMQMessage Compose(byte[][] first, string type, byte[]? parent, JsonObject content, MessageSigning signing)
    {
        var header = Bytes(new()
        {
            ["msg_id"] = Guid.NewGuid().ToString(), ["session"] = Session, ["username"] = "kernel", ["msg_type"] = type,
            ["date"] = DateTime.UtcNow.ToString("O"), ["version"] = "5.3",
        });
        byte[][] parts = [header, parent ?? "{}"u8.ToArray(), "{}"u8.ToArray(), Bytes(content)];
        var message = new NetMQMessage();
        foreach (var frame in first) message.Append(frame);
        message.Append(Delimiter);
        message.Append(signing.Sign(parts));
        foreach (var part in parts) message.Append(part);
        return message;
    }

    static byte[] Bytes(JsonObject value) => JsonSerializer.SerializeToUtf8Bytes(value, Json);
}
