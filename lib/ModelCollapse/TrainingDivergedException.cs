namespace ModelCollapse;

/// <summary>The loss is no longer a number, so going on would only waste time. The message is one sentence with what to try.</summary>
public sealed class TrainingDivergedException(string message) : Exception(message);
