using ControlPlane.Credentials;
using ControlPlane.Entities;

namespace ControlPlane.Workspaces;

/// <summary>The workspace that a new installation begins with, its owner, and the owner's token.</summary>
public static class FirstWorkspace
{
    public const string Id = "ws-default";
    public const string Owner = "usr-owner";

    /// <summary>Makes all three, in an order that can be cut anywhere and begun again: each step is harmless when repeated.</summary>
    /// <param name="token">A whole personal token.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static async Task CreateAsync(IEntities entities, string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!Token.TryParse(token, out var kind, out var id) || kind != CredentialKind.Personal)
        {
            throw new FormatException("The first owner's token is not the shape of a personal token.");
        }

        await entities.Workspace(Id).CreateAsync(new NewWorkspace("Default workspace", Owner, now), cancellationToken);
        await entities.User(Owner).JoinAsync(null, Id, cancellationToken);
        await entities.Credential(id).CreateAsync(
            new NewCredential(kind, Id, Owner, "Owner", ScopeRules.All, TokenDigest.Of(token), now, $"user:{Owner}", null), cancellationToken);
    }
}
