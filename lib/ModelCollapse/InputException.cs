namespace ModelCollapse;

/// <summary>
/// Something that the user gave cannot be used: a file, an option, a recipe, a checkpoint. The message is one sentence for
/// that user: what is wrong, where, and what to do next. <c>collapse</c> prints it and exits with code 2.
/// </summary>
public sealed class InputException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the user can mend about an error: itself, or a sentence for one of the file system; null for any other, which is a defect.</summary>
    public static InputException? Of(Exception e) => e as InputException
        ?? (e is IOException or UnauthorizedAccessException ? new($"{e.Message.TrimEnd('.')}: check the path, its permissions and the space on its disk.", e) : null);
}
