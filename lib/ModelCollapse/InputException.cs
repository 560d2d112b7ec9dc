namespace ModelCollapse;

/// <summary>
/// Something that the user gave cannot be used: a file, an option, a recipe, a checkpoint. The message is one sentence for
/// that user: what is wrong, where, and what to do next. <c>collapse</c> prints it and exits with code 2.
/// </summary>
public sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);
