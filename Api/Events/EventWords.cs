using ControlPlane.Sessions;

namespace ControlPlane.Events;

/// <summary>Events as callers read them.</summary>
internal static class EventWords
{
    public static SessionEventLine Line(SessionEvent happened) => new(
        happened.SessionId, Word(happened.Kind), happened.At, happened.By, happened.CloneName, happened.Seed,
        happened.Cause?.Word(), happened.LastError, happened.ExpiresAt);

    private static string Word(SessionEventKind kind) => kind switch
    {
        SessionEventKind.Created => "created",
        SessionEventKind.Running => "running",
        SessionEventKind.Renewed => "renewed",
        SessionEventKind.Seeded => "seeded",
        SessionEventKind.Reset => "reset",
        SessionEventKind.FaultsSet => "faults",
        SessionEventKind.Ended => "ended",
        _ => "failed",
    };
}
