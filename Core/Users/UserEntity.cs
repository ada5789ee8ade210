using ControlPlane.Audit;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Records;
using ControlPlane.Workspaces;

namespace ControlPlane.Users;

/// <summary>The entity behind <see cref="IUser"/>.</summary>
public sealed class UserEntity : IUser, IEntity
{
    private readonly string _id;
    private readonly IEntityHost _host;
    private readonly UserOptions _options;
    private readonly Record<UserState> _record;
    private readonly Unfinished<UserState> _unfinished;
    private readonly AuditTrail<UserState> _audit;
    private readonly Work<KeyToMake, bool> _tokens;
    private readonly Work<WorkspaceToMake, bool> _workspaces;

    public UserEntity(string id, IEntityHost host, UserOptions options)
    {
        (_id, _host, _options) = (id, host, options);
        _record = new Record<UserState>(host.Store<UserState>());
        _unfinished = new Unfinished<UserState>(host, _record, static state => state is { HasLeft: true }, GoOn);
        _record.BeforeSave = _unfinished.BeforeSaveAsync;
        _audit = new AuditTrail<UserState>(host, _record);
        _tokens = new Work<KeyToMake, bool>(host.Time, MakeAsync, (made, _) => EditAsync(state => state.TokenMade(made)), host.Random);
        _workspaces = new Work<WorkspaceToMake, bool>(host.Time, MakeAsync, (made, _) => EditAsync(state => state.Founded(made)), host.Random);
        _record.Loaded += GoOn;
    }

    public bool IsForgettable => _record.IsQuiet && _record.Current?.State is null or { HasLeft: false };

    public Task JoinAsync(string? email, string workspaceId, CancellationToken cancellationToken = default) => _record.ChangeAsync(
        (state, _) =>
        {
            var next = (state ?? UserState.None with { Email = email }).Joined(workspaceId);
            return next == state ? Decision<UserState, bool>.Keep(true)
                : next.Workspaces.Count > UserState.MostWorkspaces
                    ? throw new ControlPlaneException(ErrorCode.QuotaExceeded, $"The user is in {UserState.MostWorkspaces} workspaces, as many as it may.")
                    : Decision<UserState, bool>.Save(next, true);
        },
        cancellationToken);

    public async Task<UserView?> DescribeAsync(CancellationToken cancellationToken = default) =>
        (await _record.ReadFreshAsync(cancellationToken)).State is { } state ? new UserView(_id, state.Email, state.Workspaces) : null;

    public async Task MakeWorkspaceAsync(Caller caller, string workspaceId, string name, CancellationToken cancellationToken = default)
    {
        var act = _audit.Act(caller, AuditAction.WorkspaceCreate, workspaceId, name, workspaceId);
        var made = new WorkspaceToMake(workspaceId, new NewWorkspace(name, _id, act.At));
        var saved = await _record.ChangeAsync(
            (state, _) =>
            {
                var next = state ?? UserState.None;
                if (next.Workspaces.Contains(workspaceId))
                {
                    return Decision<UserState, UserState>.Keep(next);
                }

                next = next.Made < _options.MaxWorkspaces && next.Workspaces.Count < UserState.MostWorkspaces
                    ? next with { Workspaces = next.Workspaces.Add(workspaceId), Made = next.Made + 1, ToFound = (next.ToFound ?? []).Add(made) }
                    : throw new ControlPlaneException(
                        ErrorCode.QuotaExceeded, $"The user has made {next.Made} workspaces, as many as it may. Rename one that is not needed any more.");
                next = next.By(act);
                return Decision<UserState, UserState>.Save(next, next);
            },
            cancellationToken);

        // The effects of this change, which the answer waits for. A crash in between leaves them in the record, for the next activation.
        await MakeAsync(made, cancellationToken);
        await EditAsync(state => state.Founded(made));
        await _audit.WriteAsync(saved, cancellationToken);
    }

    public async Task CreateTokenAsync(Caller caller, string tokenId, NewCredential token, CancellationToken cancellationToken = default)
    {
        var over = await EndedAsync(token.Kind, tokenId, cancellationToken);
        var act = _audit.Act(caller, AuditAction.TokenCreate, tokenId, token.Label);
        var made = new KeyToMake(tokenId, token);
        var saved = await _record.ChangeAsync(
            (state, _) =>
            {
                var next = state ?? UserState.None;
                var tokens = next.Ids(token.Kind);
                if (tokens.Contains(tokenId))
                {
                    return Decision<UserState, UserState>.Keep(next);
                }

                tokens = tokens.RemoveAll(over.Contains);
                next = tokens.Count < _options.Most(token.Kind)
                    ? (next.With(token.Kind, tokens.Add(tokenId)) with { ToMake = (next.ToMake ?? []).Add(made) }).By(act)
                    : throw new ControlPlaneException(
                        ErrorCode.QuotaExceeded, $"The user has {tokens.Count} good tokens of this kind, as many as it may. Revoke one first.");
                return Decision<UserState, UserState>.Save(next, next);
            },
            cancellationToken);
        await MakeAsync(made, cancellationToken);
        await EditAsync(state => state.TokenMade(made));
        await _audit.WriteAsync(saved, cancellationToken);
    }

    public async Task<IReadOnlyList<CredentialView>> TokensAsync(string? alsoId, CancellationToken cancellationToken = default)
    {
        var state = (await _record.ReadFreshAsync(cancellationToken)).State ?? UserState.None;
        var ids = state.Ids(CredentialKind.Personal).AddRange(state.Ids(CredentialKind.Login));
        ids = alsoId is null || ids.Contains(alsoId) ? ids : ids.Add(alsoId);
        var views = from view in await ViewsAsync(ids, cancellationToken)
                    where view.Kind != CredentialKind.Login || !HasEnded(view)
                    orderby view.CreatedAt descending
                    select view;
        return [.. views];
    }

    public Task WakeAsync(CancellationToken cancellationToken = default) => _unfinished.WakeAsync(cancellationToken);

    /// <summary>Tokens that are good for nothing any more and leave the list: of personal ones only when it is full, so that people see what they ended.</summary>
    private async Task<HashSet<string>> EndedAsync(CredentialKind kind, string tokenId, CancellationToken cancellationToken)
    {
        var tokens = ((await _record.ReadAsync(cancellationToken)).State ?? UserState.None).Ids(kind);
        return tokens.Contains(tokenId) || (kind != CredentialKind.Login && tokens.Count < _options.Most(kind))
            ? []
            : [.. (await ViewsAsync(tokens, cancellationToken)).Where(HasEnded).Select(view => view.Id)];
    }

    private bool HasEnded(CredentialView view) => (view.RevokedAt ?? view.ExpiresAt) <= _host.Time.GetUtcNow();

    private async Task<IEnumerable<CredentialView>> ViewsAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        (await Task.WhenAll(ids.Select(id => _host.Entities.Credential(id).DescribeOwnAsync(_id, cancellationToken)))).OfType<CredentialView>();

    private async Task<bool> MakeAsync(KeyToMake made, CancellationToken cancellationToken)
    {
        await _host.Entities.Credential(made.Id).CreateAsync(made.Key, cancellationToken);
        return true;
    }

    private async Task<bool> MakeAsync(WorkspaceToMake made, CancellationToken cancellationToken)
    {
        await _host.Entities.Workspace(made.Id).CreateAsync(made.Workspace, cancellationToken);
        return true;
    }

    private Task EditAsync(Func<UserState, UserState> edit) => _record.ChangeAsync(
        (state, _) => state is not null && edit(state) is var next && next != state
            ? Decision<UserState, bool>.Save(next, true)
            : Decision<UserState, bool>.Keep(true));

    private void GoOn(Stored<UserState> stored)
    {
        if (stored.State is { HasLeft: true } state)
        {
            _tokens.Start(state.ToMake ?? []);
            _workspaces.Start(state.ToFound ?? []);
            _audit.GoOn(state);
        }
    }
}
