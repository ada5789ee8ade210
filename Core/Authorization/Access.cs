using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Authorization;

/// <summary>The decision about one request, from facts alone. Every host and every way in asks it and nothing else.</summary>
public static class Access
{
    /// <summary>Null: it may pass. The order is the contract's: workspace, scope, clone.</summary>
    /// <param name="membership">Of the credential's user in the session's workspace; only looked at for a user's token.</param>
    public static Refusal? Decide(CredentialFact credential, MembershipFact? membership, SessionFact session, string cloneName)
    {
        if (!BelongsTo(credential, membership, session.WorkspaceId))
        {
            return Refusals.Forbidden;
        }

        if (!credential.Grant.Allows(Scopes.SessionsWrite, session.SessionId))
        {
            return Caller.ScopeMissing(Scopes.SessionsWrite, credential.Grant);
        }

        return Has(session.Clones, cloneName) ? null : Refusals.NoClone(cloneName);
    }

    /// <summary>Whether a credential acts in a workspace: a key in its own, a user's token where its user is a member.</summary>
    public static bool BelongsTo(CredentialFact credential, MembershipFact? membership, string workspaceId) =>
        credential.Kind == CredentialKind.WorkspaceKey
            ? credential.WorkspaceId == workspaceId
            : membership is not null && membership.WorkspaceId == workspaceId && membership.UserId == credential.UserId;

    private static bool Has(IReadOnlyList<string> clones, string name)
    {
        for (var i = 0; i < clones.Count; i++)
        {
            if (clones[i] == name)
            {
                return true;
            }
        }

        return false;
    }
}
