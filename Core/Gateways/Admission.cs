using System.Net;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Gateways;

/// <summary>
/// Decides whether a request may pass: on the facts in hand, asking their owners for what is missing. The order is the contract's:
/// credential, session, workspace, scope, status, clone, budget.
/// </summary>
public sealed class Admission(Gateway gateway, RefusedTokens refused)
{
    /// <summary>How long a starting session is waited for, and how long a decision may take at all.</summary>
    private static readonly TimeSpan DecideWithin = TimeSpan.FromSeconds(5);

    private static readonly Refusal Invalid = new(ErrorCode.CredentialInvalid, "The credential is unknown or was revoked. Check ARCHAL_TOKEN, or log in again.");
    private static readonly Refusal Malformed = new(ErrorCode.CredentialMalformed, "The credential is not the shape of a token of this service: it was mistyped or cut short.");

    /// <summary>
    /// Enters the request into the registry, then decides. <see cref="Leave"/> must follow exactly once, whatever it answers.
    /// </summary>
    public ValueTask<Verdict> AdmitAsync(InFlight request, CloneAsk ask, CancellationToken cancellationToken)
    {
        request.CloneName = ask.CloneName;
        gateway.Registry.Enter(request);
        if (gateway.Options.Reuse)
        {
            // The warm path: everything is in hand, and nobody is called.
            request.BeginLookup(gateway);
            var now = gateway.Time.GetTimestamp();
            if (gateway.Credentials.Find(TokenDigest.Of(ask.Token), now) is { Fact.Kind: CredentialKind.WorkspaceKey } credential
                && gateway.SessionFacts.Find(ask.SessionId, now) is { Fact.Budgeted: false } session
                && gateway.LeaseStands(now))
            {
                if (Access.Decide(credential.Fact, null, session.Fact, ask.CloneName) is { } no)
                {
                    DecisionMeter.Decided(asked: false);
                    return new ValueTask<Verdict>(new Verdict(null, no));
                }

                if (TryAdmit(request, credential, null, session, now))
                {
                    DecisionMeter.Decided(asked: false);
                    return new ValueTask<Verdict>(Admitted(request, session));
                }
            }
        }

        return AdmitSlowlyAsync(request, ask, cancellationToken);
    }

    /// <summary>Who calls the management API, in which workspace. <see cref="Leave"/> must follow exactly once.</summary>
    /// <param name="workspaceId">The workspace that the caller names; null: its own.</param>
    /// <param name="needed">
    /// The role that the call needs; null: none. A user whose role in the fact in hand is below it is asked for anew: it may have been
    /// raised, and a fact may only say yes. The answer has the role that the user has; what follows from it is for the call to say.
    /// </param>
    public async ValueTask<Identity> IdentifyAsync(
        InFlight request, string token, string? workspaceId, IPAddress? from, Role? needed, CancellationToken cancellationToken)
    {
        gateway.Registry.Enter(request);
        return await LimitedAsync(
            request,
            limit => UntilAnsweredAsync<Identity>(async moment =>
            {
                request.BeginLookup(gateway);
                var (credential, refusal) = await CredentialAsync(request, token, from, moment, limit);
                if (credential is null)
                {
                    return new Identity(null, null, refusal);
                }

                var (caller, membership, no) = await CallerAsync(
                    request, credential.Fact, workspaceId ?? credential.Fact.WorkspaceId, needed, moment, limit);
                if (caller is null)
                {
                    return new Identity(null, null, no);
                }

                return Stands(request, credential, membership, null) ? new Identity(caller, credential.Fact, null) : null;
            }, limit),
            refusal => new Identity(null, null, refusal),
            cancellationToken);
    }

    /// <summary>What was refused lately, and from where: guesses at other codes count there too.</summary>
    public RefusedTokens Refused => refused;

    /// <summary>Those of what has entered and not left that fulfil a condition, which is asked under a lock.</summary>
    public IReadOnlyList<InFlight> UnderWay(Func<InFlight, bool> fulfils) => gateway.Registry.Where(fulfils);

    /// <summary>The request's answer has ended; harmless when it has left already.</summary>
    public void Leave(InFlight request) => Registry.Leave(request);

    private async ValueTask<Verdict> AdmitSlowlyAsync(InFlight request, CloneAsk ask, CancellationToken cancellationToken) =>
        await LimitedAsync(
            request,
            limit => UntilAnsweredAsync(moment => DecideAsync(request, ask, moment, limit), limit),
            refusal => new Verdict(null, request.SawStarting && refusal.Code == ErrorCode.ControlPlaneUnavailable ? Refusals.Starting : refusal),
            cancellationToken);

    /// <summary>One look: null when a recall came meanwhile, or the session is still starting, and it is to be looked at again.</summary>
    private async Task<Verdict?> DecideAsync(InFlight request, CloneAsk ask, long moment, CancellationToken limit)
    {
        request.BeginLookup(gateway);
        var (credential, refusal) = await CredentialAsync(request, ask.Token, ask.From, moment, limit);
        if (credential is null)
        {
            return new Verdict(null, refusal);
        }

        var (session, membership, no) = await SessionAsync(request, credential.Fact, ask, moment, limit);
        if (session is null)
        {
            request.SawStarting = no is null;
            return no is null ? null : new Verdict(null, no);
        }

        if (Access.Decide(credential.Fact, membership?.Fact, session.Fact, ask.CloneName) is { } forbidden)
        {
            return new Verdict(null, forbidden);
        }

        var budget = session.Fact.Budgeted ? session.Account.Budget : null;
        if (budget is { IsSpent: true })
        {
            return new Verdict(null, Refusals.BudgetSpent);
        }

        if (!Stands(request, credential, membership, session))
        {
            return null;
        }

        if (budget is not null)
        {
            // Taken when it is admitted and no earlier, so that no place is lost to a request that has to look again.
            if (!await budget.TakeAsync(request, (spent, unused, token) => gateway.TakeShareAsync(ask.SessionId, spent, unused, token), limit))
            {
                return new Verdict(null, request.CutBecause ?? Refusals.BudgetSpent);
            }

            // A share may be long in coming, and only now the session is used.
            session.Account.Touch(gateway.Time.GetTimestamp());
        }

        return request.CutBecause is { } because ? new Verdict(null, because) : Admitted(request, session);
    }

    /// <summary>Only what has a place and was not cut meanwhile counts as used.</summary>
    private Verdict Admitted(InFlight request, HeldSession session)
    {
        request.CountRequest(gateway);
        return new Verdict(session.RouteTo(request.CloneName), null);
    }

    private async ValueTask<(HeldCredential? Held, Refusal? Refusal)> CredentialAsync(
        InFlight request, string token, IPAddress? from, long moment, CancellationToken limit)
    {
        var digest = TokenDigest.Of(token);
        if (gateway.Options.Reuse && gateway.Credentials.Find(digest, gateway.Time.GetTimestamp()) is { } held)
        {
            return (held, null);
        }

        if (refused.Blocked(from) is { } blocked)
        {
            return (null, blocked);
        }

        if (!Token.TryParse(token, out _, out var id))
        {
            refused.Count(from);
            return (null, Malformed);
        }

        if (refused.Known(digest) is { } known)
        {
            refused.Count(from);
            return (null, known);
        }

        request.Asked = true;
        var found = await gateway.Credentials.AskAsync(digest, id, moment, gateway.Options.Reuse, limit, refused.CountingFrom(from));
        if (found.Held is { } granted)
        {
            return (granted, null);
        }

        var refusal = found.Answer?.Standing == CredentialStanding.Expired ? HeldCredential.Expired : Invalid;
        if (found.Answer?.Standing is CredentialStanding.Revoked or CredentialStanding.Expired)
        {
            refused.RememberFinal(digest, refusal);
        }

        return (null, refusal);
    }

    /// <summary>The caller in one workspace; for a user's token its membership is needed.</summary>
    private async ValueTask<(Caller? Caller, HeldMembership? Membership, Refusal? Refusal)> CallerAsync(
        InFlight request, CredentialFact credential, string workspaceId, Role? needed, long moment, CancellationToken limit)
    {
        if (credential.UserId is not { } user)
        {
            return workspaceId == credential.WorkspaceId
                ? (new Caller(credential.Id, credential.Kind, workspaceId, null, null, credential.Scopes, credential.SessionId), null, null)
                : (null, null, new Refusal(
                    ErrorCode.WorkspaceKeyScopeMismatch, "The key belongs to another workspace than the one named. Unset ARCHAL_WORKSPACE_ID, or use that workspace's key."));
        }

        var membership = await MembershipAsync(request, workspaceId, user, moment, limit);
        if (gateway.Options.Reuse && membership?.Fact.Role > needed)
        {
            membership = (await gateway.Memberships.AskAsync((workspaceId, user), true, gateway.Questions.NextMoment(), reuse: false, limit)).Held;
        }

        return membership is null
            ? (null, null, new Refusal(ErrorCode.RoleMissing, $"The user is not a member of the workspace {workspaceId}."))
            : (new Caller(credential.Id, credential.Kind, workspaceId, user, membership.Fact.Role, credential.Scopes, credential.SessionId), membership, null);
    }

    private async ValueTask<HeldMembership?> MembershipAsync(
        InFlight request, string workspaceId, string user, long moment, CancellationToken limit)
    {
        if (gateway.Options.Reuse && gateway.Memberships.Find((workspaceId, user), gateway.Time.GetTimestamp()) is { } held)
        {
            return held;
        }

        request.Asked = true;
        return (await gateway.Memberships.AskAsync((workspaceId, user), true, moment, gateway.Options.Reuse, limit)).Held;
    }

    /// <summary>The session's fact and the membership it needs; neither fact nor refusal: it is starting, or its answer was not for this caller.</summary>
    private async ValueTask<(HeldSession? Held, HeldMembership? Membership, Refusal? Refusal)> SessionAsync(
        InFlight request, CredentialFact credential, CloneAsk ask, long moment, CancellationToken limit)
    {
        var held = gateway.Options.Reuse ? gateway.SessionFacts.Find(ask.SessionId, gateway.Time.GetTimestamp()) : null;
        var workspaceId = held?.Fact.WorkspaceId ?? credential.WorkspaceId;
        while (true)
        {
            // A user acts where the session is, once that is known: nothing is asked of a session for somebody who is not a member there.
            var membership = credential.UserId is { } user ? await MembershipAsync(request, workspaceId, user, moment, limit) : null;
            if (held is not null)
            {
                return (held, membership, null);
            }

            var acting = credential.UserId is null || membership is not null ? workspaceId : "";
            var caller = new Caller(credential.Id, credential.Kind, acting, credential.UserId, membership?.Fact.Role, credential.Scopes, credential.SessionId);
            request.Asked = true;
            var found = await gateway.SessionFacts.AskAsync(ask.SessionId, new SessionAsk(caller, ask.CloneName), moment, gateway.Options.Reuse, limit);
            held = found.Held;
            var owner = held?.Fact.WorkspaceId ?? found.Answer?.WorkspaceId;
            if (owner is null)
            {
                return (null, null, Refusals.Unknown);
            }

            if (owner != workspaceId && credential.UserId is not null)
            {
                (workspaceId, moment) = (owner, gateway.Options.Reuse ? moment : gateway.Questions.NextMoment());
            }
            else if (held is null)
            {
                return (null, null, Refuse(credential, membership, ask.SessionId, found.Answer!));
            }
        }
    }

    /// <summary>What a session's answer without a fact means for a caller; null: it is starting, so it is asked again.</summary>
    private static Refusal? Refuse(CredentialFact credential, HeldMembership? membership, string sessionId, SessionAnswer answer) =>
        !Access.BelongsTo(credential, membership?.Fact, answer.WorkspaceId!) ? Refusals.Forbidden
        : !credential.Grant.Allows(Scopes.SessionsWrite, sessionId) ? Caller.ScopeMissing(Scopes.SessionsWrite, credential.Grant)
        : answer.Status switch
        {
            SessionStatus.Ended => Refusals.Ended,
            SessionStatus.Failed => Refusals.Failed(answer.LastError),
            SessionStatus.Starting => null,
            _ => answer.Refusal ?? Refusals.Starting,
        };

    private bool Stands(InFlight request, HeldCredential credential, HeldMembership? membership, HeldSession? session)
    {
        // After everything was looked up: a lease that ran out meanwhile drops it all.
        var now = gateway.Time.GetTimestamp();
        return gateway.LeaseStands(now) && credential.Stands(now) && session?.Stands(now) != false
            && TryAdmit(request, credential, membership, session, now);
    }

    private static bool TryAdmit(InFlight request, HeldCredential credential, HeldMembership? membership, HeldSession? session, long now)
    {
        if (session?.Account.Touch(now) == false || !request.TryAdmit(credential, membership, session))
        {
            return false;
        }

        session?.Account.CountRequest();
        credential.Used(now);
        return true;
    }

    /// <summary>Looks again until there is an answer; whoever waits is bounded by the decision's time.</summary>
    private async Task<T> UntilAnsweredAsync<T>(Func<long, Task<T?>> lookAsync, CancellationToken limit) where T : struct
    {
        while (true)
        {
            limit.ThrowIfCancellationRequested();
            if (await lookAsync(gateway.Questions.NextMoment()) is { } answer)
            {
                return answer;
            }
        }
    }

    private async Task<T> LimitedAsync<T>(
        InFlight request, Func<CancellationToken, Task<T>> actAsync, Func<Refusal, T> refuse, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var late = new CancellationTokenSource(DecideWithin, gateway.Time);
        using var hook = late.Token.Register(limit.Cancel);
        try
        {
            return await actAsync(limit.Token);
        }
        catch (ControlPlaneException problem)
        {
            return refuse(problem.Refusal);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return refuse(Questions.Unanswered(null).Refusal);
        }
        finally
        {
            DecisionMeter.Decided(request.Asked);
        }
    }
}
