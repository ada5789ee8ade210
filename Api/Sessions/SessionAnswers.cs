using System.Text.Json;
using ControlPlane.Authorization;
using ControlPlane.Gateways;
using Microsoft.Extensions.Options;

namespace ControlPlane.Sessions;

/// <summary>Sessions as callers see them: words, URLs and the published names.</summary>
internal sealed class SessionAnswers(CloneUrls urls, IOptions<SessionOptions> options, TimeProvider time)
{
    /// <summary>Who runs the clones; a word of the published summary.</summary>
    private const string RuntimeProvider = "self-hosted";

    public SessionSummary Summary(SessionView view) => Echo(view.Made) with
    {
        SessionId = view.Id,
        Status = Word(view.Status),
        Alive = IsOpen(view.Status),
        Endpoints = Urls(view, urls.Base),
        Mcp = Urls(view, urls.Mcp),
        ApiBaseUrls = Urls(view, urls.Api),
        CreatedAt = view.CreatedAt,
        ExpiresAt = Earlier(view.IdleAt, view.EndAt),
        EndedAt = view.EndedAt,
        LastError = view.LastError,
        WorkspaceId = view.WorkspaceId,
        CreatedBy = view.CreatedBy,
    };

    /// <summary>What a session would look like that was only checked. It has no id, no URL and no life.</summary>
    public SessionSummary Preflight(Caller caller, NewSession made)
    {
        var now = time.GetUtcNow();
        return Echo(made) with
        {
            PreflightOnly = true,
            CreatedAt = now,
            ExpiresAt = Earlier(now + options.Value.IdleLimit, now + (made.Ttl ?? options.Value.DefaultTtl)),
            WorkspaceId = caller.WorkspaceId,
            CreatedBy = caller.Name,
        };
    }

    public static SessionLiveness Liveness(SessionView view)
    {
        var idleFirst = view.IdleAt <= view.EndAt;
        return new SessionLiveness
        {
            SessionId = view.Id,
            Status = Word(view.Status),
            Alive = IsOpen(view.Status),
            AliveUntil = view.EndedAt ?? Earlier(view.IdleAt, view.EndAt),
            Because = IsOpen(view.Status) ? idleFirst ? "idle" : "end" : Word(view.Status),
            IdleAt = view.IdleAt,
            EndAt = view.EndAt,
            LastUsedAt = view.LastUsedAt,
            IdleSeconds = (int)view.IdleLimit.TotalSeconds,
            RequestsLeft = view.RequestsLeft,
            LastError = view.LastError,
        };
    }

    public static string Word(SessionStatus status) => status switch
    {
        SessionStatus.Starting => "starting",
        SessionStatus.Running => "running",
        SessionStatus.Ended => "ended",
        _ => "failed",
    };

    /// <summary>What the caller said about it.</summary>
    private static SessionSummary Echo(NewSession made) => new()
    {
        SessionId = "",
        Status = "preflight",
        CloneIds = [.. made.Clones.Select(clone => clone.CloneName)],
        Endpoints = new Dictionary<string, string>(),
        Mcp = new Dictionary<string, string>(),
        ApiBaseUrls = new Dictionary<string, string>(),
        ResolvedSeeds = made.Clones.ToDictionary(clone => clone.CloneName, clone => clone.Seed),
        RuntimeProvider = RuntimeProvider,
        CreatedAt = default,
        ExpiresAt = default,
        WorkspaceId = "",
        CreatedBy = "",
        Name = made.Name,
        Labels = made.Labels,
        TtlSeconds = made.Ttl is { } ttl ? (int)ttl.TotalSeconds : null,
        RateLimit = made.RateLimit,
        ScenarioId = Kept(made, "scenarioId")?.GetString(),
        Transport = Kept(made, "transport")?.GetString(),
        ScenarioRunCount = Kept(made, "scenarioRunCount")?.GetInt32(),
        Routing = Kept(made, "routing"),
        Source = Kept(made, "source"),
        Credential = Kept(made, "credential"),
        RunConfig = Kept(made, "runConfig"),
        ScenarioDraft = Kept(made, "scenarioDraft"),
        RunProject = Kept(made, "runProject"),
    };

    private static JsonElement? Kept(NewSession made, string field) =>
        made.Echo is { } echo && echo.TryGetValue(field, out var value) ? value : null;

    private static Dictionary<string, string> Urls(SessionView view, Func<string, string, string> url) =>
        view.Made.Clones.ToDictionary(clone => clone.CloneName, clone => url(view.Id, clone.CloneName));

    private static bool IsOpen(SessionStatus status) => status is SessionStatus.Starting or SessionStatus.Running;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
