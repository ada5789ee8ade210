using ControlPlane.Gateways;
using Microsoft.Extensions.Options;

namespace ControlPlane.Forwarding;

/// <summary>
/// Ends requests on which nothing has moved for as long as they may stand still. One clock looks at all of them now and then: a timer for
/// each request would cost more than its decision.
/// </summary>
internal sealed class StillClock : IDisposable
{
    /// <summary>A limit is passed by a tenth of the shortest at most, and by a second at most.</summary>
    private const int Looks = 10;

    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(1);

    private readonly Admission _admission;
    private readonly TimeProvider _time;
    private readonly TimeSpan _every;
    private readonly ITimer _timer;

    public StillClock(Admission admission, IOptions<GatewayOptions> options, TimeProvider time)
    {
        (_admission, _time) = (admission, time);
        var shortest = options.Value.AnswerTimeout < options.Value.BodyIdleTimeout ? options.Value.AnswerTimeout : options.Value.BodyIdleTimeout;
        _every = shortest / Looks < AtMost ? shortest / Looks : AtMost;
        _timer = time.CreateTimer(static clock => ((StillClock)clock!).Look(), this, _every, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = _time.GetTimestamp();
        foreach (var request in _admission.UnderWay(request => request is ProxiedRequest proxied && proxied.IsStill(now)))
        {
            ((ProxiedRequest)request).GiveUp();
        }

        _timer.Change(_every, Timeout.InfiniteTimeSpan);
    }
}
