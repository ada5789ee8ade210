using ControlPlane.Errors;

namespace ControlPlane.Gateways;

/// <summary>The bound on the questions that are under way, and the lease that each needs (protocol 5 and 21).</summary>
internal sealed class Questions(TimeProvider time, Func<CancellationToken, Task<string>> incarnationAsync, Func<string, bool> stillHolds)
{
    /// <summary>More at once would only queue at the owners.</summary>
    private const int Most = 256;

    /// <summary>How long a question may take before its askers are told 503.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _places = new(Most, Most);
    private long _moment;

    public TimeProvider Time => time;

    public int UnderWay => Most - _places.CurrentCount;

    /// <summary>A counter that orders arrivals and sendings.</summary>
    public long NextMoment() => Interlocked.Increment(ref _moment);

    public bool StillHolds(string incarnation) => stillHolds(incarnation);

    /// <summary>Waits for a place and for a lease in hand.</summary>
    /// <exception cref="ControlPlaneException">503: neither came within the time of a question.</exception>
    public async Task<Place> EnterAsync()
    {
        var limit = new CancellationTokenSource(AnswerWithin, time);
        var entered = false;
        try
        {
            await _places.WaitAsync(limit.Token);
            entered = true;
            return new Place(await incarnationAsync(limit.Token), limit, _places);
        }
        catch (Exception problem)
        {
            if (entered)
            {
                _places.Release();
            }

            limit.Dispose();
            throw Unanswered(problem);
        }
    }

    /// <summary>What whoever asked is told when no answer came: never that something does not exist.</summary>
    public static ControlPlaneException Unanswered(Exception? cause) => new(
        new Refusal(ErrorCode.ControlPlaneUnavailable, "The control plane did not answer in time. Nothing is wrong with the request; try again.", TimeSpan.FromSeconds(1)),
        cause);

    internal sealed class Place(string incarnation, CancellationTokenSource limit, SemaphoreSlim places) : IDisposable
    {
        public string Incarnation => incarnation;

        public CancellationToken Limit => limit.Token;

        public void Dispose()
        {
            places.Release();
            limit.Dispose();
        }
    }
}
