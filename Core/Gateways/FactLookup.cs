using System.Net;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Gateways;

/// <summary>
/// Finds the facts that a decision rests on: those in hand, else those that their owners give when they are asked. What it finds may be taken
/// away before it is used, so only <see cref="Admission"/> decides.
/// </summary>
internal sealed class FactLookup(Gateway gateway, RefusedTokens refused)
{
    private static readonly Refusal Invalid = new(ErrorCode.CredentialInvalid, "The credential is unknown or was revoked. Check ARCHAL_TOKEN, or log in again.");
    private static readonly Refusal Malformed = new(ErrorCode.CredentialMalformed, "The credential is not the shape of a token of this service: it was mistyped or cut short.");

    /// <summary>The credential that a token is of, or why it is none; a guess is counted.</summary>
    public async ValueTask<(HeldCredential? Held, Refusal? Refusal)> CredentialAsync(
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
    public async ValueTask<(Caller? Caller, HeldMembership? Membership, Refusal? Refusal)> CallerAsync(
        InFlight request, CredentialFact credential, string workspaceId, Role? needed, long moment, CancellationToken limit)
    {
        if (credential.UserId is not { } user)
        {
            return workspaceId == credential.WorkspaceId
                ? (credential.ActingIn(workspaceId, null), null, null)
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
            : (credential.ActingIn(workspaceId, membership.Fact.Role), membership, null);
    }

    /// <summary>The session's fact and the membership it needs; neither fact nor refusal: it is starting, or its answer was not for this caller.</summary>
    public async ValueTask<(HeldSession? Held, HeldMembership? Membership, Refusal? Refusal)> SessionAsync(
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
            var caller = credential.ActingIn(acting, membership?.Fact.Role);
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
}
