namespace ControlPlane.Server;

/// <summary>What a caller asked, as it arrived.</summary>
/// <param name="What">Method, path and query.</param>
/// <param name="Workspace">The header that chooses one; null when absent.</param>
internal sealed record Call(string What, string? Workspace, string Body);
