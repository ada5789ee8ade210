namespace ControlPlane.Server;

/// <summary>The call may have been done, and its answer did not come.</summary>
internal sealed class LostAnswer(string message) : CommandFailure(message);
