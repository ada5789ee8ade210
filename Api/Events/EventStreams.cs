using System.Collections.Concurrent;
using ControlPlane.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ControlPlane.Events;

/// <summary>The streams that this process has open, counted for each workspace.</summary>
internal sealed class EventStreams(IOptions<EventStreamOptions> options, IHostApplicationLifetime life)
{
    private readonly ConcurrentDictionary<string, int> _open = new();

    public TimeSpan Heartbeat => options.Value.Heartbeat;

    /// <summary>The process stops: every stream ends, and its reader goes on elsewhere.</summary>
    public CancellationToken Stopping => life.ApplicationStopping;

    /// <summary>Takes a place, until it is disposed.</summary>
    /// <exception cref="ControlPlaneException">429: the workspace has no more.</exception>
    public IDisposable Enter(string workspaceId)
    {
        var most = options.Value.MaxStreams;
        if (_open.AddOrUpdate(workspaceId, 1, static (_, open) => open + 1) <= most)
        {
            return new Place(this, workspaceId);
        }

        Leave(workspaceId);
        throw new ControlPlaneException(new Refusal(
            ErrorCode.QuotaExceeded, $"The workspace has {most} streams of events open here. Close one, or read the whole workspace's in one.",
            TimeSpan.FromSeconds(5)));
    }

    private void Leave(string workspaceId)
    {
        _open.AddOrUpdate(workspaceId, 0, static (_, open) => open - 1);
        _open.TryRemove(new KeyValuePair<string, int>(workspaceId, 0));
    }

    private sealed class Place(EventStreams streams, string workspaceId) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                streams.Leave(workspaceId);
            }
        }
    }
}
