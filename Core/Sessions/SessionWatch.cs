using ControlPlane.Entities;
using ControlPlane.Records;

namespace ControlPlane.Sessions;

/// <summary>Waits for what a session's own effects make of it, as long as a call may wait.</summary>
internal sealed class SessionWatch(IEntityHost host, Record<SessionState> record)
{
    /// <summary>
    /// How long a call waits for effects, from when it came: whatever held it up before then, and although an earlier attempt of its caller's may have
    /// gone with a silo, it is answered within the 5 s that most callers wait.
    /// </summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(3);

    private readonly Watch<SessionState> _watch = new(record);

    /// <summary>When a call comes.</summary>
    public long Now => host.Time.GetTimestamp();

    /// <summary>How long a call may still wait.</summary>
    public TimeSpan Left(long came) => CallLimit - host.Time.GetElapsedTime(came) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>The state once it is as wished, or as it is when the time is over.</summary>
    public async Task<SessionState?> UntilAsync(Func<SessionState?, bool> wished, TimeSpan within, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(within, host.Time, cancellationToken);
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
