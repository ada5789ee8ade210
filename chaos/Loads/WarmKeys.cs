namespace ControlPlane.Loads;

/// <summary>Keys whose facts every gateway holds, and the session they are good for.</summary>
public sealed record WarmKeys(string Session, IReadOnlyList<(string Id, string Secret)> Keys);
