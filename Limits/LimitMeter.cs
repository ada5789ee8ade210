using System.Diagnostics.Metrics;

namespace ControlPlane;

/// <summary>Who was turned away because something was full.</summary>
internal static class LimitMeter
{
    public const string Connections = "connections";
    public const string Address = "address";
    public const string Requests = "requests";

    // The name under which everything here is measured.
    private static readonly Meter Meter = new("archal");

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "archal.listener.refusals", "{refusal}", "Connections and requests that were turned away because a listener was full.");

    private static readonly Counter<long> Evictions = Meter.CreateCounter<long>(
        "archal.listener.evictions", "{connection}", "Connections that were closed for new ones, because a listener was full and nothing was under way on them.");

    /// <param name="full">What was: connections or address.</param>
    public static void Evicted(string full) => Evictions.Add(1, new KeyValuePair<string, object?>("full", full));

    /// <param name="full">What was: connections, address or requests.</param>
    public static void Refused(string full) => Refusals.Add(1, new KeyValuePair<string, object?>("full", full));
}
