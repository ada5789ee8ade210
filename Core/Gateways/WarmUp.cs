using System.Diagnostics.CodeAnalysis;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Workspaces;

namespace ControlPlane.Gateways;

/// <summary>
/// When a gateway has started: makes, holds and revokes a few keys that are good for nothing, in a workspace that does not exist. It takes a
/// quarter of a second to compile all that a revocation runs through, and to open connections; a caller's first one should not wait for that.
/// </summary>
public sealed class WarmUp(IEntities entities, Admission admission, TimeProvider time)
{
    /// <summary>No workspace's id: the records of its keys are removed when their revocation's alarm rings.</summary>
    public const string Workspace = "warm-up";

    /// <summary>Enough for their owners to live on every silo of a small cluster.</summary>
    private const int Keys = 8;

    private static readonly Caller Nobody = new("", CredentialKind.Personal, Workspace, "", Role.Owner, Scopes.None);

    /// <summary>Answers when it is done, or cannot be done now: nothing rests on it.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "What cannot be warmed is slow once, and no worse.")]
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            for (var key = 0; key < Keys; key++)
            {
                await RevokeOneAsync(stopping);
            }
        }
        catch (Exception)
        {
            // See above.
        }
    }

    private async Task RevokeOneAsync(CancellationToken stopping)
    {
        var id = Token.NewId();
        var token = Token.Create(CredentialKind.WorkspaceKey, id);
        await entities.Credential(id).CreateAsync(
            new NewCredential(
                CredentialKind.WorkspaceKey, Workspace, null, Workspace, Scopes.None, TokenDigest.Of(token), time.GetUtcNow(), Workspace,
                time.GetUtcNow() + TimeSpan.FromMinutes(1)),
            stopping);
        var request = new Request();
        try
        {
            await admission.IdentifyAsync(request, token, null, null, null, stopping);
            await entities.Credential(id).RevokeAsync(Nobody, stopping);
        }
        finally
        {
            admission.Leave(request);
        }
    }

    private sealed class Request : InFlight
    {
        protected override void OnCut(Refusal because)
        {
        }
    }
}
