namespace ModelCollapse.Kernel;

/// <summary>Something that the user can set right; the message says what to do, and is shown without a stack trace.</summary>
sealed class KernelException(string message) : Exception(message);
