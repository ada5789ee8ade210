namespace ControlPlane;

/// <summary>Why a silo does not start, in words for whoever starts it.</summary>
public sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);
