using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Sessions;

namespace ControlPlane.Creations;

/// <summary>
/// The creation of a session under an <c>Idempotency-Key</c>: choose and save the session's id → make the session → save the answer. Each
/// step may be repeated by anybody at any time, also beside another who is at the same, and leads to the same one session and answer.
/// </summary>
public static class KeyedCreation
{
    /// <summary>More than this would mean that every session is turned down as soon as another call has taken its place.</summary>
    private const int MostRounds = 8;

    /// <summary>The answer that counts.</summary>
    /// <param name="key">By <see cref="CreationKey.Of"/>, in the caller's workspace.</param>
    /// <param name="write">The answer about a session, to the byte.</param>
    /// <exception cref="ControlPlaneException">
    /// 422: the key was used for another request. 429 and 503: turned down, the key is as good as new. 503: the outcome is not known, and a
    /// repeat goes on from there.
    /// </exception>
    public static async Task<byte[]> RunAsync(
        IEntities entities, Caller caller, string key, string fingerprint, NewSession session, Func<SessionView, byte[]> write,
        CancellationToken cancellationToken)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var (sessionId, known) = await entities.Creation(key).BeginAsync(fingerprint, cancellationToken);
            if (known is not null)
            {
                return known;
            }

            var view = await MakeAsync(entities, caller, key, sessionId, session, cancellationToken);
            if (await entities.Creation(key).SettleAsync(sessionId, write(view), cancellationToken) is { } answer)
            {
                return answer;
            }

            // It was turned down for another caller with this key, who freed it, and was let in when it came here, long after. Nobody was told of
            // it, so it is stopped also when the caller has gone meanwhile.
            await entities.Session(sessionId).StopAsync(caller, CancellationToken.None);
        }

        throw new ControlPlaneException(new Refusal(
            ErrorCode.ControlPlaneUnavailable, "Other calls with the same Idempotency-Key come in between. Try again.", TimeSpan.FromSeconds(1)));
    }

    private static async Task<SessionView> MakeAsync(
        IEntities entities, Caller caller, string key, string sessionId, NewSession session, CancellationToken cancellationToken)
    {
        try
        {
            return await entities.Session(sessionId).CreateAsync(caller, session, cancellationToken);
        }
        catch (ControlPlaneException no) when (no.Code is ErrorCode.QuotaExceeded or ErrorCode.NoCapacity or ErrorCode.NotFound)
        {
            // A session that was turned down stays so. The next call with this key is to be asked anew, also when this caller has gone meanwhile.
            await entities.Creation(key).FreeAsync(sessionId, CancellationToken.None);
            throw;
        }
    }
}
