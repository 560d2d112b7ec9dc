using System.Text;

namespace ModelCollapse.Text;

/// <summary>
/// The 256 printable characters in which byte-level BPE writes bytes (Radford et al. 2019, GPT-2): printable Latin-1 bytes stand for
/// themselves, the other 68 for the characters from U+0100 on, so that a blank is <c>Ġ</c> and a newline <c>Ċ</c>.
/// </summary>
static class ByteAlphabet
{
    static readonly char[] Characters = CreateCharacters();
    static readonly short[] Bytes = CreateBytes();

    /// <summary>The character that stands for a byte.</summary>
    public static char Character(byte value) => Characters[value];

    /// <summary>The text of a token's bytes.</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new char[bytes.Length];
        for (var i = 0; i < text.Length; i++) text[i] = Characters[bytes[i]];
        return new string(text);
    }

    /// <summary>The bytes that a token stands for; one with a character outside the alphabet (a special token) stands for its own UTF-8.</summary>
    public static byte[] Read(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (token[i] >= Bytes.Length || Bytes[token[i]] < 0) return Encoding.UTF8.GetBytes(token);
            bytes[i] = (byte)Bytes[token[i]];
        }

        return bytes;
    }

    static char[] CreateCharacters()
    {
        var characters = new char[256];
        var next = (char)256;
        for (var b = 0; b < 256; b++)
            characters[b] = b is (>= '!' and <= '~') or (>= '¡' and <= '¬') or (>= '®' and <= 'ÿ') ? (char)b : next++;
        return characters;
    }

    static short[] CreateBytes()
    {
        var bytes = new short[Characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var b = 0; b < 256; b++) bytes[Characters[b]] = (short)b;
        return bytes;
    }
}
