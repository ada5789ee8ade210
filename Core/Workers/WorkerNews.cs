using System.Diagnostics.CodeAnalysis;
using ControlPlane.Entities;

namespace ControlPlane.Workers;

/// <summary>Tells sessions what has become of their worker, so many at once and no more.</summary>
internal sealed class WorkerNews(IEntities entities)
{
    private const int AtOnce = 16;

    /// <summary>
    /// Asks the session of each placement whether it is its own, telling it where the worker is; what is nobody's is stopped. Gives what was
    /// confirmed: whatever could not be asked or stopped is found again in the worker's next heartbeat.
    /// </summary>
    public async Task<IReadOnlyList<HeldPlacement>> FoundAsync(WorkerBeat beat, IReadOnlyList<HeldPlacement> held)
    {
        var confirmed = new List<HeldPlacement>();
        await EachAsync(held, async placement =>
        {
            if (await entities.Session(placement.SessionId).WorkerFoundAsync(beat.WorkerId, placement.Epoch, beat.Address.Data))
            {
                lock (confirmed)
                {
                    confirmed.Add(placement);
                }
            }
            else
            {
                await entities.Worker(beat.WorkerId).StopAsync(placement.SessionId, placement.Epoch);
            }
        });
        return confirmed;
    }

    /// <summary>Tells the sessions that their worker is lost; gives those that could not be told.</summary>
    public Task<IReadOnlyList<string>> LostAsync(string workerId, IReadOnlyList<string> sessions) =>
        EachAsync(sessions, session => entities.Session(session).WorkerLostAsync(workerId));

    [SuppressMessage("Design", "CA1031", Justification = "Whatever kept one from being told, it is told again and the others are not kept waiting.")]
    private static async Task<IReadOnlyList<T>> EachAsync<T>(IReadOnlyList<T> all, Func<T, Task> tellAsync)
    {
        var failed = new List<T>();
        using var places = new SemaphoreSlim(AtOnce);
        await Task.WhenAll(all.Select(async one =>
        {
            await places.WaitAsync();
            try
            {
                await tellAsync(one);
            }
            catch (Exception)
            {
                lock (failed)
                {
                    failed.Add(one);
                }
            }
            finally
            {
                places.Release();
            }
        }));
        return failed;
    }
}
