using ControlPlane.Entities;
using ControlPlane.Records;

namespace ControlPlane.Sessions;

/// <summary>Waits for what a session's own effects make of it, as long as a call may wait.</summary>
internal sealed class SessionWatch(IEntityHost host, Record<SessionState> record)
{
    /// <summary>How long a call waits for its own effects before it answers how far they are.</summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(4);

    private readonly Watch<SessionState> _watch = new(record);

    /// <summary>The state once it is as wished, or as it is when the call's time is over.</summary>
    public async Task<SessionState?> UntilAsync(Func<SessionState?, bool> wished, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(CallLimit, host.Time, cancellationToken);
        try
        {
            return (await _watch.UntilAsync(wished, limit.Token)).State;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (await record.ReadAsync(cancellationToken)).State;
        }
    }
}
