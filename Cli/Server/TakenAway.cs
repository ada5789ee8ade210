namespace ControlPlane.Server;

/// <summary>As JSON: something is gone, or less, everywhere.</summary>
internal sealed record TakenAway(string Id, RevocationReport? Revocation);
