using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Hosting;

/// <summary>The requests of a host whose callers did not wait for the answer.</summary>
internal sealed class LeftRequests
{
    private readonly ConcurrentDictionary<string, LeftRequest> _requests = [];

    public LeftRequest Of(string method, string path) => _requests.GetOrAdd($"{method} {path}", static _ => new LeftRequest());

    public async Task WatchAsync(HttpContext http, RequestDelegate next)
    {
        var request = Of(http.Request.Method, http.Request.Path);

        // Registered before all others, so told after them: whoever looks at the token knows by then.
        await using var told = http.RequestAborted.Register(() => request.Gone.TrySetResult());
        try
        {
            await next(http);
        }
        finally
        {
            if (http.RequestAborted.IsCancellationRequested)
            {
                request.Over.TrySetResult();
            }
        }
    }
}

/// <summary>Two moments of it: when it is known that its caller has gone, and when nothing of it runs any more.</summary>
internal sealed class LeftRequest
{
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
