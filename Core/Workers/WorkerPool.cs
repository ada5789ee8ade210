using System.Collections.Immutable;

namespace ControlPlane.Workers;

/// <summary>The entity behind <see cref="IWorkerPool"/>. It has no record: what it knows, heartbeats tell it again.</summary>
public sealed class WorkerPool(TimeProvider time) : IWorkerPool
{
    /// <summary>A worker that was silent for this long is not given sessions, and not found by gateways.</summary>
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private ImmutableDictionary<string, Seat> _workers = ImmutableDictionary<string, Seat>.Empty;

    public Task BeatAsync(WorkerBeat beat, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _workers = _workers.SetItem(beat.WorkerId, new Seat(beat, time.GetTimestamp(), beat.Placed));
        }

        return Task.CompletedTask;
    }

    public Task<string?> PlaceAsync(IReadOnlyList<string> clones, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var best = Present()
                .Where(seat => seat.Free > 0 && clones.All(clone => seat.Beat.Offers.Any(offer => offer.Id == clone)))
                .MaxBy(seat => seat.Free);
            if (best is null)
            {
                return Task.FromResult<string?>(null);
            }

            // Counted here until the next heartbeat counts it itself.
            _workers = _workers.SetItem(best.Beat.WorkerId, best with { Placed = best.Placed + 1 });
            return Task.FromResult<string?>(best.Beat.WorkerId);
        }
    }

    public Task<Uri?> LocateAsync(string workerId, CancellationToken cancellationToken = default) =>
        Task.FromResult(Present().FirstOrDefault(seat => seat.Beat.WorkerId == workerId)?.Beat.DataAddress);

    public Task<IReadOnlyList<OfferedClone>> CatalogueAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<OfferedClone>>([.. Present().SelectMany(seat => seat.Beat.Offers).DistinctBy(offer => offer.Id).OrderBy(offer => offer.Id, StringComparer.Ordinal)]);

    private IEnumerable<Seat> Present() => _workers.Values.Where(seat => time.GetElapsedTime(seat.Heard) < SilentAfter);

    private sealed record Seat(WorkerBeat Beat, long Heard, int Placed)
    {
        public int Free => Beat.Capacity - Placed;
    }
}
