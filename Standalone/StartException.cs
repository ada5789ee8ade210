namespace ControlPlane;

/// <summary>Why the process cannot start, as the one line that its user sees.</summary>
public sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);
