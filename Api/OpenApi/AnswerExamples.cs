using ControlPlane.AgentTraces;
using ControlPlane.Audit;
using ControlPlane.Auth;
using ControlPlane.Errors;
using ControlPlane.Health;
using ControlPlane.Invitations;
using ControlPlane.Operations;
using ControlPlane.Runs;
using ControlPlane.Scenarios;
using ControlPlane.Sessions;
using ControlPlane.Usage;
using ControlPlane.Users;
using ControlPlane.Workspaces;

namespace ControlPlane.OpenApi;

/// <summary>Bodies that are answered. No token is among them: what is shown once is described in words.</summary>
internal static class AnswerExamples
{
    public const string SessionId = "ses-0123456789abcdefghjkmnpqrs";
    private const string WorkspaceId = "ws-default";
    private const string Someone = "user:usr-owner";
    private const string Once = "the token, shown once";
    private const string Url = "http://localhost:4000/runtime/" + SessionId + "/github";

    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Dictionary<string, string> Seeds = new() { ["github"] = "small-project" };
    private static readonly TraceRoot Root = new("0af7651916cd43dd8448eb211c80319c", Noon, Noon, Someone, SessionId, "github-triage-bugs", 1, 74);
    private static readonly UsageTotals Used = new(3, 12.5, 1200, 34_000, 560_000);
    private static readonly Workspace Team = new(WorkspaceId, "Red team", Noon, "owner");
    private static readonly WorkerLine Worker = new("wrk-1", "ready", 100, 3, 97, false, 0.4, "http://10.0.0.7:7000");

    private static readonly ApiKey Key = new()
    {
        Id = "0123456789ab", Label = "ci", Prefix = "archal_ws_0123456789ab", Scopes = ["sessions:read"], CreatedAt = Noon, CreatedBy = Someone,
    };

    private static readonly PersonalToken Token = new() { Id = "0123456789ab", Kind = "personal", Label = "laptop", Prefix = "arc_0123456789ab", CreatedAt = Noon };

    private static readonly SessionSummary Session = new()
    {
        SessionId = SessionId, Status = "running", Alive = true, CloneIds = ["github"], Endpoints = new Dictionary<string, string> { ["github"] = Url },
        Mcp = new Dictionary<string, string> { ["github"] = Url + "/mcp" }, ApiBaseUrls = new Dictionary<string, string> { ["github"] = Url + "/api" },
        ResolvedSeeds = Seeds, RuntimeProvider = "self-hosted", CreatedAt = Noon, ExpiresAt = Noon.AddMinutes(30), WorkspaceId = WorkspaceId, CreatedBy = Someone,
    };

    public static IEnumerable<object> All { get; } =
    [
        new ErrorEnvelope("The session does not exist.", "session_not_found", "There is no such session. Sessions that ended are forgotten after a while."),
        new DeviceTokenRefusal("authorization_pending", "Nobody has let the device in yet."),
        new HealthStatus("ready"),
        new AuthMe
        {
            UserId = "usr-owner", Email = "owner@example.com", Plan = "self-hosted", SelectedCloneIds = ["github"], CredentialKind = "personal",
            WorkspaceId = WorkspaceId, Role = "owner", Scopes = ["sessions:read", "sessions:write", "workspaces:read"],
        },
        new DeviceLoginStarted
        {
            DeviceCode = "what the device asks with", UserCode = "BCDF-GHJK", VerificationUri = "http://localhost:4000/device",
            VerificationUriComplete = "http://localhost:4000/device?user_code=BCDF-GHJK", ExpiresIn = 600, Interval = 5,
        },
        new DeviceToken { Token = Once, AccessToken = Once, TokenType = "bearer", ExpiresIn = 7_776_000, Workspace = WorkspaceId },
        new DeviceApproval { Status = "pending", UserCode = "BCDF-GHJK", ClientName = "archal on laptop", ExpiresIn = 580, Workspace = WorkspaceId },
        new CloneCatalogue([new CatalogueClone("github", "GitHub", "GitHub's REST API.", [new CatalogueSeed("small-project", "One repository with eight issues.")])]),
        new CloneToolList([new CloneTool("create-an-issue", "POST", "/repos/{owner}/{repo}/issues")]),
        new CloneCoverage("github", 1, [new CloneTool("create-an-issue", "POST", "/repos/{owner}/{repo}/issues")], 404),
        new ScenarioList([.. Scenario.BuiltIn.Take(1).Select(ScenarioEndpoints.Answer)]),
        Session,
        new SessionList([Session], "638740000000000000_" + SessionId),
        new SessionLiveness
        {
            SessionId = SessionId, Status = "running", Alive = true, AliveUntil = Noon.AddMinutes(30), Because = "idle", IdleAt = Noon.AddMinutes(30),
            EndAt = Noon.AddHours(24), LastUsedAt = Noon, IdleSeconds = 1800, RequestsLeft = 998,
        },
        new RunRecord(SessionId, "ended", 41.7, Session with { Status = "ended", Alive = false, EndedAt = Noon.AddSeconds(41.7) }, [Root]),
        new TraceStored(true, Root.RootTraceId, "step-1"),
        new TraceList([Root], null, new TraceTotals(1, 1, 74, Noon, Noon)),
        new TraceRecord(Root, [new TracePayload("step-1", Noon, Examples.Json("""{"tool":"list-issues","durationMs":12.5}"""))]),
        new TracesDeleted(true, 1),
        Team,
        new WorkspaceList([Team]),
        Key with { Secret = Once },
        new ApiKeyList([Key]),
        new Member("usr-owner", "owner", "owner@example.com"),
        new MemberList([new Member("usr-owner", "owner", "owner@example.com")]),
        new MemberInvitation("the code, shown once", "0f3a", "someone@example.com", "member", Noon.AddHours(24)),
        new WorkspaceInvitationList([new WorkspaceInvitation("0f3a", "someone@example.com", "member", "usr-owner", Noon, Noon.AddHours(24))]),
        new AcceptedInvitation("usr-0123456789ab", WorkspaceId, "someone@example.com", "member", Token with { Secret = Once }),
        Token with { Secret = Once },
        new PersonalTokenList([Token]),
        new AuditLineList([new AuditLine("00f067aa0ba902b7", Noon, Someone, "api_key.create", Key.Id, "ci", "192.0.2.1", "done", null, null)], null),
        new WorkspaceUsage(WorkspaceId, new DateOnly(2026, 1, 31), new DateOnly(2026, 1, 31), Used, [new DayUsage(new DateOnly(2026, 1, 31), Used, [new KeyUsage(Someone, Used)])]),
        new InstallationStatus(
            Noon, [new SiloStatusLine("10.0.0.5:11111", "active", Noon)], [new GatewayLine("0af7651916cd43dd", "leased", 8.2, 1.8, 42, 0)], [Worker],
            new SessionCounts(3, 3)),
        new EvictedGateway("0af7651916cd43dd", 8200),
        Worker,
        new SessionWhy
        {
            SessionId = SessionId, WorkspaceId = WorkspaceId, CreatedBy = Someone, Status = "running", Alive = true, Because = "idle",
            Explanation = "It runs until 12:30, 30 minutes after its last use.", CreatedAt = Noon, LastUsedAt = Noon, IdleAt = Noon.AddMinutes(30),
            EndAt = Noon.AddHours(24), IdleInSeconds = 1800, EndInSeconds = 86_400, Placement = new WhyPlacement("wrk-1", 1, "ready"), Readers = [],
            StillToBeTold = [], StillToDo = [],
        },
    ];
}
