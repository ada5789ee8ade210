using ControlPlane.Server;

namespace ControlPlane.Workspaces;

/// <summary>The answer of <c>api-key revoke --json</c>.</summary>
internal sealed record RevokedKey(string Id, RevocationReport? Revocation);
