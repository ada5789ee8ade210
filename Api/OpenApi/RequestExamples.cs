using ControlPlane.AgentTraces;
using ControlPlane.Auth;
using ControlPlane.Invitations;
using ControlPlane.Operations;
using ControlPlane.Sessions;
using ControlPlane.Users;
using ControlPlane.Workspaces;

namespace ControlPlane.OpenApi;

/// <summary>Bodies that callers send.</summary>
internal static class RequestExamples
{
    public static IEnumerable<object> All { get; } =
    [
        new CreateSessionRequest
        {
            Clones = ["github"], Seeds = new Dictionary<string, string> { ["github"] = "small-project" }, TtlSeconds = 3600, RateLimit = 1000,
            Name = "nightly", Labels = new Dictionary<string, string> { ["team"] = "red" }, ScenarioId = "github-triage-bugs",
        },
        new RenewSessionRequest { TtlSeconds = 3600 },
        new ResetSessionRequest { CloneName = "github" },
        new SeedCloneRequest { Seed = "small-project" },
        new CloneFaultList { Faults = [new CloneFault { Method = "POST", Path = "/repos/*/*/issues", Status = 503, Message = "busy", Times = 2 }] },
        new NameWorkspaceRequest { Name = "Red team" },
        new CreateApiKeyRequest { Label = "ci", Scopes = ["sessions:read", "sessions:write"], ExpiresInSeconds = 86_400 },
        new RotateApiKeyRequest { GraceSeconds = 3600 },
        new InviteMemberRequest { Email = "someone@example.com", Role = "member" },
        new ChangeMemberRequest { Role = "admin" },
        new AcceptInvitationRequest { Invitation = "the code of the invitation" },
        new CreateTokenRequest { Label = "laptop", ExpiresInSeconds = 86_400 },
        new RevokeTokenRequest { Token = "the token that is to end" },
        new EvictGatewayRequest { Incarnation = "an incarnation of GET /api/admin/status" },
        new DeviceLoginRequest { ClientName = "archal on laptop" },
        new DeviceTokenRequest { DeviceCode = "the device_code of the login" },
        new DeviceApprovalRequest { UserCode = "BCDF-GHJK", Decision = "approve" },
        new TraceUpload
        {
            RootTraceId = "0af7651916cd43dd8448eb211c80319c", TraceId = "step-1", SessionId = AnswerExamples.SessionId, Scenario = "github-triage-bugs",
            Fields = new() { ["tool"] = Examples.Json("\"list-issues\""), ["durationMs"] = Examples.Json("12.5") },
        },
    ];
}
