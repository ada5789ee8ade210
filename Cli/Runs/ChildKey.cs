using System.Net;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Server;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Runs;

/// <summary>The credential that the child of <c>run</c> reaches its session with.</summary>
/// <param name="Path">Where a temporary key is revoked; null when the child was given the caller's own.</param>
internal sealed record ChildKey(string Token, string? Path)
{
    // The longest that a session lives unless it is renewed.
    private const int LongestSessionSeconds = 86_400;

    // The key outlives its session a little, so that a late call hears that the session has ended and not that the key has.
    private const int SlackSeconds = 60;

    public bool IsTemporary => Path is not null;

    /// <summary>
    /// Makes a key for this session. It also expires by itself, for the case that nobody is left to revoke it. Who may not make keys (a
    /// workspace's key, a plain member) passes the own credential on: there is no other that opens the session.
    /// </summary>
    public static async Task<ChildKey> MakeAsync(Invocation invocation, SessionSummary session, CancellationToken cancellationToken)
    {
        var request = new CreateApiKeyRequest
        {
            Label = $"archal run {session.SessionId}",
            Scopes = [$"sessions:write!session={session.SessionId}"],
            ExpiresInSeconds = (session.TtlSeconds ?? LongestSessionSeconds) + SlackSeconds,
        };
        try
        {
            var key = await invocation.Server.PostAsync(
                ApiKeyPaths.All(session.WorkspaceId),
                request,
                ContractsJson.Default.CreateApiKeyRequest,
                ContractsJson.Default.ApiKey,
                cancellationToken);
            return new(
                key.Secret ?? throw new CommandFailure($"The server made key {key.Id} but did not tell its secret. Revoke it."),
                ApiKeyPaths.One(session.WorkspaceId, key.Id));
        }
        catch (ServerRefusal refusal) when (refusal.Status == HttpStatusCode.Forbidden)
        {
            var own = invocation.Credentials.Token();
            if (!own.StartsWith("archal_ws_", StringComparison.Ordinal))
            {
                Screen.WriteRemark($"archal: the command is given your own token, for you may not make keys in {session.WorkspaceId}.");
            }

            return new(own, null);
        }
    }
}
