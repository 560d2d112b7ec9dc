using System.Security.Cryptography;
using System.Text;

namespace ModelCollapse.Kernel.Wire;

/// <summary>The signature of a message: HMAC-SHA256 over its four JSON parts, in lower-case hexadecimal. An empty key turns signing off.</summary>
sealed class MessageSigning(string key)
{
    readonly byte[] key = Encoding.UTF8.GetBytes(key);

    public byte[] Sign(params ReadOnlySpan<byte[]> parts)
    {
        if (key.Length == 0) return [];
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (var part in parts) hash.AppendData(part);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    public bool IsValid(byte[] signature, params ReadOnlySpan<byte[]> parts) =>
        key.Length == 0 || CryptographicOperations.FixedTimeEquals(signature, Sign(parts));
}
