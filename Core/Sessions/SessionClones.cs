using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Events;
using ControlPlane.Records;

namespace ControlPlane.Sessions;

/// <summary>
/// The state of a running session's clones, which their worker keeps. Nothing of it is in the session's record, so these calls are passed on
/// and not saved; each may be made again.
/// </summary>
internal sealed class SessionClones(string id, IEntityHost host, Record<SessionState> record)
{
    /// <summary>Sets what is ordered, one clone after another, and answers when the worker has it on its disk.</summary>
    /// <exception cref="ControlPlaneException">400: there is no such seed, or the state is none; 403: not this caller; 404: no such session or clone; 409: not running; 502: the worker.</exception>
    /// <returns>The session's state when it was asked for.</returns>
    public async Task<SessionState> SetAsync(Caller caller, CloneOrder order, CancellationToken cancellationToken)
    {
        var state = await PermittedAsync(caller, Scopes.SessionsWrite, cancellationToken);
        var placement = PlacementOf(state);
        foreach (var clone in order.CloneName is { } name ? [Find(state, name)] : state.Made.Clones)
        {
            var seed = order.State is null ? order.Seed ?? clone.Seed : null;
            var replacement = new CloneReplacement(id, placement.Epoch, clone.CloneName, seed, order.State, order.IsReset);
            var refusal = await ReachAsync(() => host.Entities.Worker(placement.WorkerId).SetCloneAsync(replacement, cancellationToken), cancellationToken);
            if (refusal is not null)
            {
                throw new ControlPlaneException(refusal);
            }
        }

        await HappenedAsync(caller, order.IsReset ? SessionEventKind.Reset : SessionEventKind.Seeded, order.CloneName, order.Seed, cancellationToken);
        return state;
    }

    /// <summary>Whether the worker could be asked for this clone now, to change it.</summary>
    /// <exception cref="ControlPlaneException">403: not this caller; 404: no such session or clone; 409: not running.</exception>
    public async Task CheckAsync(Caller caller, string cloneName, CancellationToken cancellationToken)
    {
        var state = await PermittedAsync(caller, Scopes.SessionsWrite, cancellationToken);
        _ = (PlacementOf(state), Find(state, cloneName));
    }

    /// <summary>The whole state of one clone, UTF-8 JSON.</summary>
    /// <exception cref="ControlPlaneException">403: not this caller; 404: no such session or clone; 409: not running; 502: the worker.</exception>
    public async Task<byte[]> StateAsync(Caller caller, string cloneName, CancellationToken cancellationToken)
    {
        var state = await PermittedAsync(caller, Scopes.SessionsWrite, cancellationToken);
        var placement = PlacementOf(state);
        var clone = Find(state, cloneName);
        var answer = await ReachAsync(
            () => host.Entities.Worker(placement.WorkerId).CloneStateAsync(id, placement.Epoch, clone.CloneName, cancellationToken), cancellationToken);
        return answer.State ?? throw new ControlPlaneException(answer.Refusal ?? Broken);
    }

    /// <summary>Sets all faults of one clone; the worker alone knows which there can be.</summary>
    /// <exception cref="ControlPlaneException">400: there is no such fault; 403: not this caller; 404: no such session or clone; 409: not running; 502: the worker.</exception>
    public async Task SetFaultsAsync(Caller caller, string cloneName, byte[] faults, CancellationToken cancellationToken)
    {
        var state = await PermittedAsync(caller, Scopes.SessionsWrite, cancellationToken);
        var placement = PlacementOf(state);
        var order = new CloneFaultOrder(id, placement.Epoch, Find(state, cloneName).CloneName, faults);
        if (await ReachAsync(() => host.Entities.Worker(placement.WorkerId).SetFaultsAsync(order, cancellationToken), cancellationToken) is { } refusal)
        {
            throw new ControlPlaneException(refusal);
        }

        await HappenedAsync(caller, SessionEventKind.FaultsSet, cloneName, seed: null, cancellationToken);
    }

    /// <summary>The faults of one clone, UTF-8 JSON.</summary>
    /// <exception cref="ControlPlaneException">403: not this caller; 404: no such session or clone; 409: not running; 502: the worker.</exception>
    public async Task<byte[]> FaultsAsync(Caller caller, string cloneName, CancellationToken cancellationToken)
    {
        var state = await PermittedAsync(caller, Scopes.SessionsRead, cancellationToken);
        var placement = PlacementOf(state);
        var clone = Find(state, cloneName);
        var answer = await ReachAsync(
            () => host.Entities.Worker(placement.WorkerId).FaultsAsync(id, placement.Epoch, clone.CloneName, cancellationToken), cancellationToken);
        return answer.State ?? throw new ControlPlaneException(answer.Refusal ?? Broken);
    }

    private static Refusal Broken { get; } = new(
        ErrorCode.CloneUnreachable, "The session's worker did not answer. What was asked may have been done; asking again is harmless.", TimeSpan.FromSeconds(1));

    private async Task<SessionState> PermittedAsync(Caller caller, Scopes needed, CancellationToken cancellationToken) =>
        SessionAdmission.Permitted(id, (await record.ReadFreshAsync(cancellationToken)).State, caller, needed);

    // Before the call is answered: what was acknowledged is among the events, and a call that was not is made again.
    private Task HappenedAsync(Caller caller, SessionEventKind kind, string? cloneName, string? seed, CancellationToken cancellationToken) =>
        host.Entities.Events(caller.WorkspaceId).RecordAsync(
            [new SessionEvent(id, kind, host.Time.GetUtcNow(), caller.Name, cloneName, seed)], cancellationToken);

    private Placement PlacementOf(SessionState state) => state is { Status: SessionStatus.Running, Placement: { } placement }
        ? placement
        : throw new ControlPlaneException(ErrorCode.SessionNotRunning, $"The session {id} is not running, so its clones have no state to read or set.");

    private static PlacedClone Find(SessionState state, string cloneName) =>
        state.Made.Clones.FirstOrDefault(clone => clone.CloneName == cloneName) ?? throw new ControlPlaneException(Refusals.NoClone(cloneName));

    private static async Task<T> ReachAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception problem) when (problem is not ControlPlaneException && !cancellationToken.IsCancellationRequested)
        {
            throw new ControlPlaneException(Broken, problem);
        }
    }
}
