using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ControlPlane.Entities;
using ControlPlane.Telemetry;

namespace ControlPlane.Leases;

/// <summary>Asks one gateway for an answer that must come: directly, and through its Gateway entity when it is silent.</summary>
internal static class PersistentRecall
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The gateway's answer; null when its lease is over. It does not give up. <c>Late</c>: the gateway did not answer by itself at once.
    /// </summary>
    public static async Task<(RecallAnswer? Answer, bool Late)> AskAsync(
        IEntityHost host, LeaseOptions options, string gateway, Recall recall)
    {
        using var span = Traces.Step("recall " + recall.Word(), ActivityKind.Client);
        var began = host.Time.GetTimestamp();
        var (answer, late) = await AskUntilAsync(host, options, gateway, recall);
        var outcome = answer is null ? "lease_over" : late ? "late" : "direct";
        RecallMeter.Told(host.Time.GetElapsedTime(began), recall, outcome);
        span?.SetTag("archal.outcome", outcome);
        return (answer, late);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong on the way, it is asked again.")]
    private static async Task<(RecallAnswer? Answer, bool Late)> AskUntilAsync(
        IEntityHost host, LeaseOptions options, string gateway, Recall recall)
    {
        using var settled = new CancellationTokenSource();
        try
        {
            var direct = DirectlyAsync(host, gateway, recall, settled.Token);
            await Task.WhenAny(direct, Task.Delay(options.Silence, host.Time, settled.Token));
            if (direct.IsCompletedSuccessfully)
            {
                return (direct.Result, false);
            }

            for (var retry = FirstRetry; ; retry = retry * 2 < LastRetry ? retry * 2 : LastRetry)
            {
                if (direct.IsCompletedSuccessfully)
                {
                    return (direct.Result, true);
                }

                // A call that was given up may answer as cancelled: that is no answer either.
                direct = direct.IsCompleted ? DirectlyAsync(host, gateway, recall, settled.Token) : direct;
                try
                {
                    var lease = host.Entities.Gateway(gateway).RecallAsync(recall, settled.Token);
                    var first = await Task.WhenAny(direct, lease);
                    return (await (first.IsCompletedSuccessfully ? first : lease), true);
                }
                catch (Exception)
                {
                    // Neither the gateway nor its entity answered: both are asked again, for this must be told.
                    await Task.Delay(retry, host.Time, settled.Token);
                }
            }
        }
        finally
        {
            await settled.CancelAsync();
        }
    }

    private static async Task<RecallAnswer?> DirectlyAsync(IEntityHost host, string gateway, Recall recall, CancellationToken settled) =>
        await host.RecallAsync(gateway, recall, settled);
}
