using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Records;
using ControlPlane.Workspaces;

namespace ControlPlane.Invitations;

/// <summary>
/// The entity behind <see cref="IInvitation"/>. Whoever's claim is saved first has won; what follows is a chain of effects (member, index,
/// token) that is gone on with after a crash, and undone when the workspace refuses.
/// </summary>
public sealed class InvitationEntity : IInvitation, IEntity
{
    /// <summary>Of a new user's first token.</summary>
    public const string TokenLabel = "First token";

    private readonly string _id;
    private readonly IEntityHost _host;
    private readonly Record<InvitationState> _record;
    private readonly Alarm _alarm;
    private readonly Work<InvitationClaim, Refusal?> _work;

    public InvitationEntity(string id, IEntityHost host)
    {
        (_id, _host, _alarm) = (id, host, new Alarm(host));
        _record = new Record<InvitationState>(host.Store<InvitationState>())
        {
            BeforeSave = (next, _) => _alarm.EnsureByAsync(NextDue(next.State), anew: next.State?.IsUnderWay == true),
        };
        _work = new Work<InvitationClaim, Refusal?>(host.Time, CompleteAsync, (claim, refusal) => SettleAsync(claim, refusal is null), host.Random);
        _record.Loaded += stored => GoOn(stored.State);
    }

    public bool IsForgettable => _record.IsQuiet && _record.Current?.State is null or { IsUnderWay: false };

    public Task CreateAsync(NewInvitation invitation, CancellationToken cancellationToken = default) => _record.ChangeAsync(
        (state, _) => state is null
            ? Decision<InvitationState, bool>.Save(new InvitationState(invitation), true)
            : Decision<InvitationState, bool>.Keep(true),
        cancellationToken);

    public async Task<Accepted> AcceptAsync(Acceptance by, CancellationToken cancellationToken = default)
    {
        var now = _host.Time.GetUtcNow();
        var state = await _record.ChangeAsync(
            (known, _) =>
            {
                var next = Claimed(known, by, now);
                return next == known ? Decision<InvitationState, InvitationState>.Keep(next) : Decision<InvitationState, InvitationState>.Save(next, next);
            },
            cancellationToken);
        if (state is { Claim: { Done: false } claim })
        {
            // The effects of this change, which the answer waits for. A crash in between leaves the claim in the record, for the next activation.
            var refusal = await CompleteAsync(claim, cancellationToken);
            await SettleAsync(claim, refusal is null);
            if (refusal is not null)
            {
                throw new ControlPlaneException(refusal);
            }
        }

        return new Accepted(state.Made.WorkspaceId, by.UserId, state.Made.Email, state.Made.Role);
    }

    public async Task<InvitationView?> DescribeAsync(string workspaceId, CancellationToken cancellationToken = default) =>
        (await _record.ReadAsync(cancellationToken)).State is { Made: var made } state && made.WorkspaceId == workspaceId
            ? new InvitationView(_id, made.Email, made.Role, made.InvitedBy, made.CreatedAt, made.ExpiresAt, state.Withdrawn)
            : null;

    public Task<bool> WithdrawAsync(CancellationToken cancellationToken = default) => _record.ChangeAsync(
        (state, _) => state is { Claim: null, Withdrawn: false }
            ? Decision<InvitationState, bool>.Save(state with { Withdrawn = true }, true)
            : Decision<InvitationState, bool>.Keep(state is { Withdrawn: true }),
        cancellationToken);

    public async Task WakeAsync(CancellationToken cancellationToken = default)
    {
        // What another activation has left undone is in the store alone.
        var state = (await _record.ReadFreshAsync(cancellationToken)).State;
        GoOn(state);
        if (state is { IsUnderWay: false } && state.Made.ExpiresAt + InvitationState.KeptAfterEnd <= _host.Time.GetUtcNow())
        {
            await _record.ChangeAsync(
                (known, _) => known is { IsUnderWay: false } ? Decision<InvitationState, bool>.Remove(true) : Decision<InvitationState, bool>.Keep(true),
                cancellationToken);
        }

        await _alarm.ResetAsync(NextDue((await _record.ReadAsync(cancellationToken)).State));
    }

    private static InvitationState Claimed(InvitationState? state, Acceptance by, DateTimeOffset now) => state switch
    {
        null or { Withdrawn: true } => throw new ControlPlaneException(Unknown),
        { Claim: { } claim } when claim.IsOf(by) => state,
        { Claim: { } claim } => throw new ControlPlaneException(
            ErrorCode.InvitationUsed, $"The invitation was accepted at {claim.At:u}. If that was not you, tell whoever invited you; ask for another one."),
        _ when state.Made.ExpiresAt <= now => throw new ControlPlaneException(
            ErrorCode.InvitationExpired, $"The invitation expired at {state.Made.ExpiresAt:u}. Ask for another one."),
        _ => state with { Claim = new InvitationClaim(by, now) },
    };

    /// <summary>The refusal of a code that opens nothing; it does not say why.</summary>
    public static Refusal Unknown { get; } =
        new(ErrorCode.InvitationInvalid, "The invitation is unknown, mistyped, or withdrawn. Check the code, or ask for another one.");

    /// <summary>Each step is harmless when repeated: the workspace takes an invitation once, and knows which ones are open.</summary>
    private async Task<Refusal?> CompleteAsync(InvitationClaim claim, CancellationToken cancellationToken)
    {
        if ((await _record.ReadAsync(cancellationToken)).State is not { Made: var made })
        {
            return null;
        }

        var by = claim.By;
        var user = _host.Entities.User(by.UserId);
        if (by.Token is not { } token)
        {
            try
            {
                await user.JoinAsync(made.Email, made.WorkspaceId, cancellationToken);
            }
            catch (ControlPlaneException problem) when (problem.Code == ErrorCode.QuotaExceeded)
            {
                return problem.Refusal;
            }

            return await JoinAsync(made, by, cancellationToken);
        }

        // Nothing is made of a new user until the workspace has taken it in.
        if (await JoinAsync(made, by, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var caller = new Caller(token.Id, CredentialKind.Personal, made.WorkspaceId, by.UserId, made.Role, ScopeRules.All, From: by.From);
        await user.JoinAsync(made.Email, made.WorkspaceId, cancellationToken);
        await user.CreateTokenAsync(
            caller, token.Id,
            new NewCredential(
                CredentialKind.Personal, made.WorkspaceId, by.UserId, TokenLabel, ScopeRules.All, token.Digest, claim.At, caller.Name, null),
            cancellationToken);
        return null;
    }

    private Task<Refusal?> JoinAsync(NewInvitation made, Acceptance by, CancellationToken cancellationToken) =>
        _host.Entities.Workspace(made.WorkspaceId).JoinAsync(new JoiningMember(_id, by.UserId, by.From), cancellationToken);

    private Task SettleAsync(InvitationClaim claim, bool taken) => _record.ChangeAsync(
        (state, _) => state is not null && state.Settled(claim, taken) is var next && next != state
            ? Decision<InvitationState, bool>.Save(next, true)
            : Decision<InvitationState, bool>.Keep(true));

    private void GoOn(InvitationState? state)
    {
        if (state is { Claim: { Done: false } claim })
        {
            _work.Start([claim]);
        }
    }

    private DateTimeOffset? NextDue(InvitationState? state) =>
        state is null ? null
        : state.IsUnderWay ? _host.Time.GetUtcNow() + Alarm.GoOnAfter
        : state.Made.ExpiresAt + InvitationState.KeptAfterEnd;
}
