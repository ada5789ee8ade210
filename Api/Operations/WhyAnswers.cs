using ControlPlane.Sessions;
using ControlPlane.Workers;

namespace ControlPlane.Operations;

/// <summary>Why a session is alive or dead, on the wire.</summary>
internal static class WhyAnswers
{
    public static SessionWhy Of(SessionExplanation known, DateTimeOffset now)
    {
        var (view, alive) = (known.View, known.View.Status is SessionStatus.Starting or SessionStatus.Running);
        return new SessionWhy
        {
            SessionId = view.Id,
            WorkspaceId = view.WorkspaceId,
            CreatedBy = view.CreatedBy,
            Status = SessionAnswers.Word(view.Status),
            Alive = alive,
            Because = alive ? view.IdleAt < view.EndAt ? "idle" : "end" : known.Ending?.Cause.Word() ?? "unknown",
            Explanation = alive ? Living(known) : Over(known),
            CreatedAt = view.CreatedAt,
            LastUsedAt = view.LastUsedAt,
            IdleAt = view.IdleAt,
            EndAt = view.EndAt,
            IdleInSeconds = alive ? Seconds(view.IdleAt - now) : null,
            EndInSeconds = alive ? Seconds(view.EndAt - now) : null,
            EndedAt = view.EndedAt,
            EndedBy = known.Ending?.By,
            LastError = view.LastError,
            Placement = known is { WorkerId: { } worker, Epoch: { } epoch } ? new WhyPlacement(worker, epoch, Word(known.Sighting)) : null,
            Readers = known.Readers,
            StillToBeTold = known.ToTell,
            StillToDo = [.. known.ToDo.Select(Word)],
            RequestsLeft = view.RequestsLeft,
        };
    }

    private static string Living(SessionExplanation known) => known switch
    {
        { View.Status: SessionStatus.Starting, WorkerId: null } => "It is starting: no worker has been chosen yet.",
        { View.Status: SessionStatus.Starting } => "It is starting: its worker has not said yet that the clones run.",
        { Sighting: { IsKnown: true, Data: null } } => "It lives, but its worker is silent: if that is not back in time, the session fails.",
        _ when known.View.IdleAt < known.View.EndAt && known.View.IdleAt > known.View.LastUsedAt + known.View.IdleLimit =>
            $"It was renewed until its idle deadline; from then on it lives while it is used at least every {known.View.IdleLimit}.",
        _ when known.View.IdleAt < known.View.EndAt => $"It lives until nobody has used it for {known.View.IdleLimit}; a request, a byte on a stream or a renewal moves that.",
        _ => "It lives until its absolute end, which only a renewal moves.",
    };

    private static string Over(SessionExplanation known) => known.Ending switch
    {
        { Cause: SessionEndCause.Stopped, By: var by } => $"{by} stopped it.",
        { Cause: SessionEndCause.Idle } => $"Nobody used it for {known.View.IdleLimit}, and no gateway had anything to report when it was asked.",
        { Cause: SessionEndCause.EndReached } => "Its absolute end was reached.",
        { Cause: SessionEndCause.WorkerLost } => "Its worker was silent for longer than Workers:ReturnWithin, and was given up.",
        { Cause: SessionEndCause.StartFailed } => "Its clones could not be started.",
        { Cause: SessionEndCause.NotLetIn } => "It was never let in: there was no room for it.",
        { Cause: SessionEndCause.Restored } => "The control plane was restored from a backup, and the worker did not hold its clones.",
        _ => "It ended before the reason was kept.",
    };

    private static string Word(SessionStep step) => step switch
    {
        SessionStep.Reserve => "reserve",
        SessionStep.Start => "start",
        SessionStep.Stop => "stop",
        SessionStep.Release => "release",
        _ => "list",
    };

    private static string Word(WorkerSighting? sighting) => sighting switch
    {
        { IsLost: true } => "lost",
        { IsKnown: false } or null => "unknown",
        { Data: null } => "silent",
        _ => "there",
    };

    private static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 3);
}
