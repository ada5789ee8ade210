using System.Diagnostics.CodeAnalysis;
using System.Buffers.Text;
using System.Security.Cryptography;
using ControlPlane.Audit;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Events;
using ControlPlane.Records;
using ControlPlane.Usage;
using ControlPlane.Workers;

namespace ControlPlane.Sessions;

/// <summary>
/// What follows a session's changes: the chain place in the quota → worker → running, and its undoing. Each step may run more than once.
/// </summary>
internal sealed class SessionFollowUp(string id, IEntityHost host, SessionOptions options, Record<SessionState> record)
{
    /// <summary>Runs one step and gives the change that records its outcome.</summary>
    public async Task<Func<SessionState, long, SessionState>> RunAsync(SessionEffect effect, CancellationToken cancellationToken)
    {
        if ((await record.ReadAsync(cancellationToken)).State is not { } state)
        {
            return (next, _) => next;
        }

        return effect.Step switch
        {
            SessionStep.Reserve => await ReserveAsync(state, cancellationToken),
            SessionStep.Start => await StartAsync(state, cancellationToken),
            SessionStep.Stop => await StopAsync(state, cancellationToken),
            SessionStep.Release => await ReleaseAsync(state, cancellationToken),
            _ => await ListAsync(state, effect.Change, cancellationToken),
        };
    }

    /// <summary>
    /// The state with a step's outcome. A step may have run twice, here or in an activation that has been replaced, so only the first
    /// outcome counts; and whatever it took while the session ended meanwhile is given back.
    /// </summary>
    public static SessionState Settled(
        SessionState state, SessionEffect effect, Func<SessionState, long, SessionState> outcome, long version)
    {
        var next = state.ToDo.Contains(effect) ? outcome(state, version).Done(effect) : state;
        return (effect.Step, next.IsOpen) switch
        {
            (SessionStep.Reserve, false) => next.ReleaseAsked(version),
            (SessionStep.Start, false) => next.StopAsked(version),
            _ => next,
        };
    }

    private async Task<Func<SessionState, long, SessionState>> ReserveAsync(SessionState state, CancellationToken cancellationToken)
    {
        var now = host.Time.GetUtcNow();
        if (await host.Entities.Workspace(state.WorkspaceId).ReserveAsync(id, cancellationToken) is { } refusal)
        {
            return (next, version) => next.RefusedWith(refusal, now, version);
        }

        return await PlaceAsync(state, notOn: null, cancellationToken) ?? NoRoom();
    }

    /// <summary>A place on a worker; null when none has room.</summary>
    private async Task<Func<SessionState, long, SessionState>?> PlaceAsync(SessionState state, string? notOn, CancellationToken cancellationToken)
    {
        var clones = state.Made.Clones.Select(clone => clone.CloneName).ToList();
        if (await host.Entities.Workers.PlaceAsync(clones, notOn, cancellationToken) is not { } worker)
        {
            return null;
        }

        _ = SayPlacedAsync(worker);
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var epoch = 1 + (state.Placement?.Epoch ?? 0);
        return (next, version) => next.IsOpen
            ? next.Placed(new Placement(worker, epoch, key), version)
            : next;
    }

    /// <summary>A pool that does not hear of it learns of the session from the worker's next heartbeat.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Nobody waits for it.")]
    private async Task SayPlacedAsync(string worker)
    {
        try
        {
            await host.Entities.Workers.PlacedAsync(worker, id);
        }
        catch (Exception)
        {
            // See above.
        }
    }

    private Func<SessionState, long, SessionState> NoRoom()
    {
        var now = host.Time.GetUtcNow();
        var full = new Refusal(ErrorCode.NoCapacity, "Every worker that runs these clones is full. Stop a session, or try again.", TimeSpan.FromSeconds(5));
        return (next, version) => next.RefusedWith(full, now, version);
    }

    private async Task<Func<SessionState, long, SessionState>> StartAsync(SessionState state, CancellationToken cancellationToken)
    {
        if (state.Placement is not { } placement)
        {
            return (next, _) => next;
        }

        var now = host.Time.GetUtcNow();
        if (state.IsOpen && now - state.CreatedAt > options.StartLimit)
        {
            return (next, version) => next.Failed(SessionEndCause.StartFailed, "The worker did not start the clones in time.", now, version);
        }

        // Nobody has been let in yet, so it may begin elsewhere. What a silent worker has started after all is nobody's when it is back.
        var (worker, isLost, isKnown) = await host.Entities.Workers.LocateAsync(placement.WorkerId, cancellationToken);
        if (state.IsOpen && worker is null && isKnown && !isLost
            && await PlaceAsync(state, placement.WorkerId, cancellationToken) is { } elsewhere)
        {
            return elsewhere;
        }

        var clones = state.Made.Clones.ToDictionary(clone => clone.CloneName, clone => clone.Seed);
        var order = new PlacementOrder(id, placement.Epoch, placement.Key, clones);
        if (state.IsOpen && await host.Entities.Worker(placement.WorkerId).StartAsync(order, cancellationToken) is { } refusal)
        {
            // A worker that is full holds nothing of it, so another may: the session has not been anywhere yet.
            return refusal.Code == ErrorCode.NoCapacity
                ? await PlaceAsync(state, placement.WorkerId, cancellationToken) ?? NoRoom()
                : (next, version) => next.Failed(SessionEndCause.StartFailed, refusal.Message, now, version);
        }

        return (next, version) => next.IsOpen ? next.Running(worker, version) : next;
    }

    private async Task<Func<SessionState, long, SessionState>> StopAsync(SessionState state, CancellationToken cancellationToken)
    {
        // What a lost worker still holds is stopped when it comes back after all, and says so.
        if (state.Placement is { } placement && !(await host.Entities.Workers.LocateAsync(placement.WorkerId, cancellationToken)).IsLost)
        {
            await host.Entities.Worker(placement.WorkerId).StopAsync(id, placement.Epoch, cancellationToken);
        }

        return (next, _) => next;
    }

    private async Task<Func<SessionState, long, SessionState>> ReleaseAsync(SessionState state, CancellationToken cancellationToken)
    {
        await host.Entities.Workspace(state.WorkspaceId).ReleaseAsync(id, cancellationToken);
        return (next, _) => next;
    }

    private async Task<Func<SessionState, long, SessionState>> ListAsync(SessionState state, long change, CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            SessionTimes.Of(id, state).Select(report => host.Entities.Usage(state.WorkspaceId).AddAsync(report, cancellationToken))
                .Append(host.Entities.Sessions(state.WorkspaceId).RecordAsync(SessionListing.Of(id, state, change), cancellationToken))
                .Append(host.Entities.Events(state.WorkspaceId).RecordAsync(SessionEvent.Of(id, state, change, host.Time.GetUtcNow()), cancellationToken))
                .Append(AuditStopAsync(state, cancellationToken)));
        return (next, _) => next;
    }

    /// <summary>A session that somebody else stopped is told to administrators.</summary>
    private Task AuditStopAsync(SessionState state, CancellationToken cancellationToken) =>
        state is { Ending: { Cause: SessionEndCause.Stopped, By: { } by, From: var from }, EndedAt: { } at } && by != state.CreatedBy
            ? host.Entities.Audit(state.WorkspaceId).RecordAsync(
                new AuditEvent($"stop {id}", state.WorkspaceId, at, by, AuditAction.SessionStop, id, null, from), cancellationToken)
            : Task.CompletedTask;
}
