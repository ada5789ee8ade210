using System.Collections.Concurrent;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Leases;
using ControlPlane.Records;

namespace ControlPlane.Workspaces;

/// <summary>
/// Tells gateways whose membership was taken away or lowered. Each user is a subject of its own: told, acknowledged and waited for beside
/// the others, and neither drops nor cuts anything of theirs.
/// </summary>
internal sealed class MemberRecalls(string workspaceId, IEntityHost host, LeaseOptions options, Record<WorkspaceState> record)
{
    private static readonly Refusal Because = new(
        ErrorCode.RoleMissing, "The user's membership of the workspace was taken away or changed while this ran. Ask again for what is still allowed.");

    private readonly ConcurrentDictionary<string, Recalls> _users = new();

    /// <summary>Tells whoever is still to be told, and answers when nobody is. A repeat joins, and gets the same report.</summary>
    public Task<RecallReport> TellAsync(MemberChange change, string userId)
    {
        if (change.TakenAs == 0)
        {
            return Task.FromResult(RecallReport.Nobody);
        }

        Forget(change.State);
        var state = record.Current?.State ?? change.State;
        return _users.GetOrAdd(userId, NewRecalls)
            .TellAsync(state.Readers.Of(userId), Subject.Membership(workspaceId, userId), change.TakenAs, Because);
    }

    /// <summary>Goes on with what another activation, or a crash, has left to tell.</summary>
    public void GoOn(WorkspaceState state)
    {
        foreach (var user in state.Readers.ToTell.Select(pair => pair.Part).OfType<string>().Distinct())
        {
            _ = TellAsync(new MemberChange(state, state.TakenAs(user)), user);
        }
    }

    private Recalls NewRecalls(string userId) => new(host, options, (reader, version, over) => record.ChangeAsync(
        (state, _) => state is null
            ? Decision<WorkspaceState, bool>.Keep(true)
            : Decision<WorkspaceState, bool>.Save(
                state with { Readers = over ? state.Readers.Over(reader) : state.Readers.Acknowledged(reader, version, userId) }, true)));

    /// <summary>What was told is kept for repeated commands, as long as the record knows of it too.</summary>
    private void Forget(WorkspaceState state)
    {
        if (_users.Count > 2 * WorkspaceState.MostTaken)
        {
            foreach (var user in _users.Keys.Where(user => state.TakenAs(user) == 0))
            {
                _users.TryRemove(user, out _);
            }
        }
    }
}
