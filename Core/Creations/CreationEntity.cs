using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Records;
using ControlPlane.Sessions;

namespace ControlPlane.Creations;

/// <summary>The entity behind <see cref="ICreation"/>.</summary>
public sealed class CreationEntity : ICreation, IEntity
{
    /// <summary>For how long a key stands for what it was first used for.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromHours(24);

    private readonly IEntityHost _host;
    private readonly Record<CreationState> _record;

    public CreationEntity(IEntityHost host)
    {
        _host = host;

        // Before each save: a record without an alarm would stay for ever, and a wake of another activation may have cleared the one before.
        _record = new Record<CreationState>(host.Store<CreationState>())
        {
            BeforeSave = (next, _) => next.State is { EndsAt: var end } ? host.WakeAtAsync(end) : Task.CompletedTask,
        };
    }

    public bool IsForgettable => _record.IsQuiet;

    public async Task<byte[]?> FindAsync(string fingerprint, CancellationToken cancellationToken = default) =>
        Standing((await _record.ReadFreshAsync(cancellationToken)).State, fingerprint)?.Answer;

    public Task<CreationStep> BeginAsync(string fingerprint, CancellationToken cancellationToken = default)
    {
        // Chosen here and not in the decision, which may run more than once.
        var begun = new CreationState(fingerprint, SessionId.New(), _host.Time.GetUtcNow() + Keep);
        return _record.ChangeAsync(
            (state, _) => Standing(state, fingerprint) is { } known
                ? Decision<CreationState, CreationStep>.Keep(new CreationStep(known.SessionId, known.Answer))
                : Decision<CreationState, CreationStep>.Save(begun, new CreationStep(begun.SessionId)),
            cancellationToken);
    }

    public Task<byte[]?> SettleAsync(string sessionId, byte[] answer, CancellationToken cancellationToken = default) => _record.ChangeAsync(
        (state, _) => state?.SessionId != sessionId ? Decision<CreationState, byte[]?>.Keep(null)
            : state.Answer is { } known ? Decision<CreationState, byte[]?>.Keep(known)
            : Decision<CreationState, byte[]?>.Save(state with { Answer = answer }, answer),
        cancellationToken);

    public Task FreeAsync(string sessionId, CancellationToken cancellationToken = default) => _record.ChangeAsync(
        (state, _) => state is { Answer: null } && state.SessionId == sessionId
            ? Decision<CreationState, bool>.Remove(true)
            : Decision<CreationState, bool>.Keep(false),
        cancellationToken);

    public async Task WakeAsync(CancellationToken cancellationToken = default)
    {
        var now = _host.Time.GetUtcNow();
        var left = await _record.ChangeAsync(
            (state, _) => state is null || state.EndsAt > now
                ? Decision<CreationState, DateTimeOffset?>.Keep(state?.EndsAt)
                : Decision<CreationState, DateTimeOffset?>.Remove(null),
            cancellationToken);
        await _host.WakeAtAsync(left);
    }

    /// <summary>What the key stands for; null: nothing, or nothing any more.</summary>
    /// <exception cref="ControlPlaneException">422: another request.</exception>
    private CreationState? Standing(CreationState? state, string fingerprint) =>
        state is null || state.EndsAt <= _host.Time.GetUtcNow() ? null
        : state.Fingerprint == fingerprint ? state
        : throw new ControlPlaneException(
            ErrorCode.IdempotencyKeyReused,
            "Idempotency-Key: it was used within 24 hours for another request: another body, or another caller of the workspace. Use a new key for each session that is wanted.");
}
