using System.Net;
using ControlPlane.Commands;
using ControlPlane.Server;

namespace ControlPlane.Sessions;

/// <summary>
/// Starts what is ordered once. The same order again means the session that it made, while that runs: an answer that was lost is asked for
/// again and makes no second session. When that session is over, or with <c>--fresh</c>, it makes another one.
/// </summary>
internal sealed class SessionStart(Invocation invocation)
{
    /// <summary>A key of the server's past, and one that is new. No third can be known there.</summary>
    private const int MostTries = 2;

    /// <returns>The session, and whether it was there before this call.</returns>
    public async Task<(SessionSummary Session, bool IsEarlier)> RunAsync(CreateSessionRequest request, bool fresh, CancellationToken cancellationToken)
    {
        var server = invocation.Server;
        var start = invocation.EarlierStarts.Find(server.Address.Uri, invocation.Workspace, invocation.Credentials.Token(), request);
        if (!fresh && start.SessionId is { } id && await AliveAsync(server, id, cancellationToken) is { } earlier)
        {
            return (earlier, true);
        }

        start = fresh || start.SessionId is not null ? start.Anew() : start;
        for (var tries = 0; tries < MostTries; tries++, start = start.Anew())
        {
            // Before the call: whoever repeats it sends the same key.
            invocation.EarlierStarts.Remember(start);
            if (await PostAsync(server, start, request, cancellationToken) is not var (session, replayed))
            {
                continue;
            }

            invocation.EarlierStarts.Remember(start with { SessionId = session.SessionId });
            if (!replayed)
            {
                return (session, false);
            }

            if (await AliveAsync(server, session.SessionId, cancellationToken) is { } alive)
            {
                return (alive, true);
            }
        }

        throw new CommandFailure($"{server.Address} answers a new Idempotency-Key with what it has answered before. Is something between that keeps answers?");
    }

    /// <summary>Null: the key was used for something else, such as the same order in an earlier release's words.</summary>
    private static async Task<(SessionSummary Session, bool Replayed)?> PostAsync(
        ServerClient server, StoredStart start, CreateSessionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await server.PostOnceAsync(
                SessionPaths.All, start.Key, request, ContractsJson.Default.CreateSessionRequest, ContractsJson.Default.SessionSummary, cancellationToken);
        }
        catch (ServerRefusal reused) when (reused.Status == HttpStatusCode.UnprocessableEntity)
        {
            return null;
        }
    }

    /// <summary>The session as it is now; null: it is over.</summary>
    private static async Task<SessionSummary?> AliveAsync(ServerClient server, string sessionId, CancellationToken cancellationToken)
    {
        try
        {
            var session = await server.GetAsync(SessionPaths.One(sessionId), ContractsJson.Default.SessionSummary, cancellationToken);
            return session.Status is "running" or "starting" ? session : null;
        }
        catch (ServerRefusal gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
