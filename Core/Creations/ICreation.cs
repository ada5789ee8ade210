namespace ControlPlane.Creations;

/// <summary>
/// One <c>Idempotency-Key</c> of one workspace: what was asked with it, which session it stands for, and what was answered. It ends by
/// itself 24 hours after it was first used. Keyed by <see cref="CreationKey"/>.
/// </summary>
public interface ICreation
{
    /// <summary>What was answered to this request; null: nothing yet.</summary>
    /// <param name="fingerprint">Of all that decides what is made: <see cref="CreationKey.Fingerprint"/>.</param>
    /// <exception cref="Errors.ControlPlaneException">422: the key was used for another request.</exception>
    Task<byte[]?> FindAsync(string fingerprint, CancellationToken cancellationToken = default);

    /// <summary>The session that the key stands for, chosen and saved before it is made. Again: the same.</summary>
    /// <exception cref="Errors.ControlPlaneException">422: the key was used for another request.</exception>
    Task<CreationStep> BeginAsync(string fingerprint, CancellationToken cancellationToken = default);

    /// <summary>Keeps the answer and gives the one that counts, which is the first. Null: the key does not stand for this session (any more).</summary>
    Task<byte[]?> SettleAsync(string sessionId, byte[] answer, CancellationToken cancellationToken = default);

    /// <summary>The session was turned down for ever, so the key is free again. Harmless when it stands for another, or was answered.</summary>
    Task FreeAsync(string sessionId, CancellationToken cancellationToken = default);
}

/// <summary>How far a creation is.</summary>
/// <param name="Answer">Null: nothing was answered yet.</param>
public sealed record CreationStep(string SessionId, byte[]? Answer = null);
