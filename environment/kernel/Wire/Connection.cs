using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelCollapse.Kernel.Wire;

/// <summary>What a front end writes into the connection file: one address and port for each socket, and the key of the signatures.</summary>
sealed record Connection
{
    [JsonPropertyName("transport")] public string Transport { get; init; } = "tcp";
    [JsonPropertyName("ip")] public string Ip { get; init; } = "127.0.0.1";
    [JsonPropertyName("shell_port")] public required int Shell { get; init; }
    [JsonPropertyName("iopub_port")] public required int IOPub { get; init; }
    [JsonPropertyName("stdin_port")] public required int Stdin { get; init; }
    [JsonPropertyName("control_port")] public required int Control { get; init; }
    [JsonPropertyName("hb_port")] public required int Heartbeat { get; init; }
    [JsonPropertyName("key")] public string Key { get; init; } = "";
    [JsonPropertyName("signature_scheme")] public string SignatureScheme { get; init; } = "hmac-sha256";

    /// <exception cref="KernelException">The file is missing, no connection file, or asks for what this kernel does not speak.</exception>
    public static Connection Read(string path)
    {
        try
        {
            var connection = JsonSerializer.Deserialize<Connection>(File.ReadAllBytes(path))!;
            if (connection.Transport != "tcp") throw new KernelException($"{path} asks for transport '{connection.Transport}': this kernel speaks tcp only.");
            if (connection.SignatureScheme != "hmac-sha256") throw new KernelException($"{path} asks for signatures by '{connection.SignatureScheme}': this kernel knows hmac-sha256 only.");
            return connection;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or NullReferenceException)
        {
            throw new KernelException($"{path} is not a connection file of Jupyter: {e.Message}");
        }
    }

    public string Address(int port) => $"tcp://{Ip}:{port}";
}
