using System.Collections.Immutable;
using ControlPlane.Entities;
using ControlPlane.Records;

namespace ControlPlane.Users;

/// <summary>The record of one user.</summary>
public sealed record UserState(string? Email, ImmutableList<string> Workspaces);

/// <summary>The entity behind <see cref="IUser"/>.</summary>
public sealed class UserEntity(string id, IEntityHost host) : IUser, IEntity
{
    private readonly Record<UserState> _record = new(host.Store<UserState>());

    public bool IsForgettable => _record.IsQuiet;

    public Task JoinAsync(string? email, string workspaceId, CancellationToken cancellationToken = default) => _record.ChangeAsync(
        (state, _) => (state ?? new UserState(email, [])) switch
        {
            { } user when user.Workspaces.Contains(workspaceId) => Decision<UserState, bool>.Keep(true),
            { } user => Decision<UserState, bool>.Save(user with { Workspaces = user.Workspaces.Add(workspaceId) }, true),
        },
        cancellationToken);

    public async Task<UserView?> DescribeAsync(CancellationToken cancellationToken = default) =>
        (await _record.ReadFreshAsync(cancellationToken)).State is { } state ? new UserView(id, state.Email, state.Workspaces) : null;

    public Task WakeAsync(CancellationToken cancellationToken = default) => host.WakeAtAsync(null);
}
