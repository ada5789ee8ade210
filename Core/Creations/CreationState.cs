namespace ControlPlane.Creations;

/// <summary>The record of one creation.</summary>
/// <param name="Fingerprint">64 hexadecimal digits.</param>
/// <param name="SessionId">Saved before the session is made, so that whoever repeats the call makes the same one.</param>
/// <param name="Answer">What was answered, to the byte; null until something was. It is never replaced.</param>
public sealed record CreationState(string Fingerprint, string SessionId, DateTimeOffset EndsAt, byte[]? Answer = null);
