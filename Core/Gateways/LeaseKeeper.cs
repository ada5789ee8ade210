using System.Diagnostics.CodeAnalysis;
using ControlPlane.Entities;
using ControlPlane.Leases;

namespace ControlPlane.Gateways;

/// <summary>
/// Keeps this process's lease: opens an incarnation, renews it every third of the lease, takes the recalls that ride on renewals, and starts
/// anew under another incarnation after a lapse (protocol 1, 13, 16 and 17).
/// </summary>
internal sealed class LeaseKeeper(
    IEntities entities, IGatewayDoor door, LeaseOptions options, TimeProvider time, Random random, Func<string, Recall, RecallAnswer> take, Action lapsed)
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly LapsedLeases _lapsedLeases = new(entities, options, time);

    // Whether the last renewal had an answer.
    private bool _answered;
    private TaskCompletionSource<HeldLease> _arrives = NewArrival();
    private volatile HeldLease? _lease;
    private string? _previous;
    private string? _everHeld;

    // Done when the last lapse has dropped and cut everything: no later lease may be in hand while something of an earlier one is.
    private TaskCompletionSource _dropped = Done();

    public HeldLease? Lease => _lease;

    /// <summary>The incarnation of a lease in hand, waiting for one if there is none.</summary>
    public async Task<string> IncarnationAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<HeldLease> arrives;
            lock (_gate)
            {
                arrives = _arrives.Task;
            }

            var lease = _lease ?? await arrives.WaitAsync(cancellationToken);
            if (lease.Stands(time.GetTimestamp()))
            {
                return lease.Incarnation;
            }

            Lapse(lease);
        }
    }

    /// <summary>The lease is over: once for each lease, everything that rests on it goes before anyone can look again.</summary>
    public void Lapse(HeldLease lease)
    {
        var dropped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lease != lease)
            {
                return;
            }

            _dropped = dropped;
            _arrives = NewArrival();
            _lease = null;
        }

        LeaseMeter.Lapsed();

        try
        {
            lapsed();
        }
        finally
        {
            dropped.SetResult();
        }
    }

    /// <summary>Runs until the process stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await KeepOneAsync(stopping);
            }
            catch (Exception) when (!stopping.IsCancellationRequested)
            {
                await PauseAsync(Retry, stopping);
            }
        }
    }

    /// <summary>Gives the lease back, so that nobody waits for it.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "What cannot be given back runs out by itself.")]
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (_lease is { } lease)
        {
            Lapse(lease);
            try
            {
                await entities.Gateway(lease.Incarnation).CloseAsync(cancellationToken);
                await door.CloseAsync(lease.Incarnation);
            }
            catch (Exception)
            {
                // It runs out by itself.
            }
        }
    }

    /// <summary>One incarnation, from its opening to its lapse.</summary>
    private async Task KeepOneAsync(CancellationToken stopping)
    {
        await DroppedAsync(stopping);
        var name = "";
        name = await door.OpenAsync(recall => take(name, recall), stopping);
        if (_previous is { } previous)
        {
            await door.CloseAsync(previous);
        }

        _previous = name;
        var gateway = entities.Gateway(name);
        var lapsed = _everHeld;
        var opened = await RenewAsync(name, gateway.OpenAsync, stopping);
        if (lapsed is not null)
        {
            _ = _lapsedLeases.GiveBackAsync(lapsed, stopping);
        }

        _answered = true;
        IReadOnlyList<RecallAnswer> acknowledged = [.. opened.Recalls.Select(recall => take(name, recall))];
        while (_lease is not null || acknowledged.Count > 0)
        {
            // What failed is tried again at once: only so does what is left of a lease outlast the death of its owner's silo.
            if (acknowledged.Count == 0 && _answered)
            {
                // Jitter keeps a thousand gateways from renewing together.
                await PauseAsync(options.Third * (0.9 + (random.NextDouble() * 0.1)), stopping);
            }

            _answered = false;
            acknowledged = await StepAsync(name, gateway, acknowledged, stopping);
        }
    }

    /// <summary>One renewal. An error is never a renewal: it is tried again until the lease has run out.</summary>
    private async Task<IReadOnlyList<RecallAnswer>> StepAsync(
        string name, IGateway gateway, IReadOnlyList<RecallAnswer> acknowledged, CancellationToken stopping)
    {
        try
        {
            var answer = await RenewAsync(name, limit => gateway.RenewAsync(acknowledged, limit), stopping);
            _answered = true;
            if (answer.Over && _lease is { } over)
            {
                Lapse(over);
            }

            return answer.Over ? [] : [.. answer.Recalls.Select(recall => take(name, recall))];
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            if (_lease is { } held && !held.Stands(time.GetTimestamp()))
            {
                Lapse(held);
                return [];
            }

            await PauseAsync(Retry, stopping);
            return acknowledged;
        }
    }

    private async Task<LeaseAnswer> RenewAsync(string name, Func<CancellationToken, Task<LeaseAnswer>> askAsync, CancellationToken stopping)
    {
        using var limit = new TimeLimit(options.Third, time, stopping);

        // Both clocks before it is sent: what the answer gives is counted from here.
        var (sent, sentWall) = (time.GetTimestamp(), time.GetUtcNow());
        var answer = await MeasuredAsync(askAsync(limit.Token).WaitAsync(limit.Token), stopping);
        if (answer is { Over: false, Duration: { } duration })
        {
            Take(new HeldLease(time, name, sent, sentWall, duration));
        }

        return answer;
    }

    private static async Task<LeaseAnswer> MeasuredAsync(Task<LeaseAnswer> asking, CancellationToken stopping)
    {
        LeaseAnswer? answer = null;
        try
        {
            return answer = await asking;
        }
        finally
        {
            if (answer is not null || !stopping.IsCancellationRequested)
            {
                LeaseMeter.Renewed(answer);
            }
        }
    }

    /// <summary>Looks at the clock before it takes a renewal, and takes none that is over, or of an incarnation that has lapsed.</summary>
    private void Take(HeldLease next)
    {
        var held = _lease;
        if (held is not null && !held.Stands(time.GetTimestamp()))
        {
            Lapse(held);
            return;
        }

        lock (_gate)
        {
            var lapsedMeanwhile = _lease is null && _everHeld == next.Incarnation;
            if (lapsedMeanwhile || !next.Stands(time.GetTimestamp()))
            {
                return;
            }

            _lease = next;
            _everHeld = next.Incarnation;
            _arrives.TrySetResult(next);
        }
    }

    private Task DroppedAsync(CancellationToken stopping)
    {
        lock (_gate)
        {
            return _dropped.Task.WaitAsync(stopping);
        }
    }

    private Task PauseAsync(TimeSpan pause, CancellationToken stopping) => Task.Delay(pause, time, stopping);

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }

    private static TaskCompletionSource<HeldLease> NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
