using System.Text;

namespace ModelCollapse.Data;

/// <summary>Text files of the user.</summary>
static class TextFile
{
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The text of a UTF-8 file, without a byte order mark, otherwise exactly as stored.</summary>
    /// <exception cref="InputException">The file is not UTF-8 or cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path).AsSpan();
            return Strict.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException($"{path} is not UTF-8 text (byte {e.Index} cannot be read): save it as UTF-8.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read ({e.Message.TrimEnd('.')}): check the path and its permissions.", e);
        }
    }
}
