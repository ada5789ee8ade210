using System.Net;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Gateways;

/// <summary>
/// Decides whether a request may pass, in one step that a recall can undo: on the facts in hand, and on what <see cref="FactLookup"/> asks for
/// where they are missing. The order is the contract's: credential, session, workspace, scope, status, clone, budget.
/// </summary>
public sealed class Admission(Gateway gateway, RefusedTokens refused)
{
    /// <summary>How long a starting session is waited for, and how long a decision may take at all.</summary>
    private static readonly TimeSpan DecideWithin = TimeSpan.FromSeconds(5);

    private readonly FactLookup _lookup = new(gateway, refused);

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
                var (credential, refusal) = await _lookup.CredentialAsync(request, token, from, moment, limit);
                if (credential is null)
                {
                    return new Identity(null, null, refusal);
                }

                var (caller, membership, no) = await _lookup.CallerAsync(
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

    /// <summary>
    /// The worker of an admitted request was not reached, or was silent for too long: before the session lets anybody else in, its owner is asked.
    /// Call it before <see cref="Leave"/>. For each session it has an effect once a second at most.
    /// </summary>
    public void Doubt(InFlight request)
    {
        if (request.Session is { } session)
        {
            gateway.Doubt(session);
        }
    }

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
        var (credential, refusal) = await _lookup.CredentialAsync(request, ask.Token, ask.From, moment, limit);
        if (credential is null)
        {
            return new Verdict(null, refusal);
        }

        var (session, membership, no) = await _lookup.SessionAsync(request, credential.Fact, ask, moment, limit);
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
        membership?.Used(now);
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
        using var limit = new TimeLimit(DecideWithin, gateway.Time, cancellationToken);
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
