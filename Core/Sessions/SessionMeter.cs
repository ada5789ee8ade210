using System.Diagnostics.Metrics;
using ControlPlane.Records;
using ControlPlane.Telemetry;

namespace ControlPlane.Sessions;

/// <summary>Sessions by the status that they reach, each counted by whoever saved it, and how long their starts take.</summary>
internal sealed class SessionMeter
{
    private static readonly Counter<long> Sessions = Signals.Meter.CreateCounter<long>(
        "archal.sessions", "{session}", "Sessions that have reached a status.");

    private static readonly Histogram<double> Start = Signals.Meter.CreateHistogram(
        "archal.session.start.duration", "s", "From a session's creation to when it runs, or is known not to.", advice: Signals.Latency);

    private readonly TimeProvider _time;
    private string? _last;

    public SessionMeter(Record<SessionState> record, TimeProvider time)
    {
        _time = time;
        record.Saved += Saved;
        record.Loaded += loaded => _last = loaded.State is { } state ? Word(state) : null;
    }

    private void Saved(Stored<SessionState> saved)
    {
        if (saved.State is not { } state || Word(state) is not { } now || now == _last)
        {
            return;
        }

        var wasStarting = _last is "starting";
        _last = now;
        Sessions.Add(1, Signals.Tag("status", now));
        if (wasStarting)
        {
            Start.Record(Math.Max(0, (_time.GetUtcNow() - state.CreatedAt).TotalSeconds), Signals.Tag("outcome", now));
        }
    }

    private static string Word(SessionState state) => state switch
    {
        { Refused: not null } => "refused",
        { Status: SessionStatus.Starting } => "starting",
        { Status: SessionStatus.Running } => "running",
        { Status: SessionStatus.Failed } => "failed",
        _ => "ended",
    };
}
