using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.AgentTraces;
using ControlPlane.Audit;
using ControlPlane.Auth;
using ControlPlane.Errors;
using ControlPlane.Events;
using ControlPlane.Health;
using ControlPlane.Invitations;
using ControlPlane.Operations;
using ControlPlane.Runs;
using ControlPlane.Scenarios;
using ControlPlane.Sessions;
using ControlPlane.Usage;
using ControlPlane.Users;
using ControlPlane.Workers;
using ControlPlane.Workspaces;

namespace ControlPlane;

/// <summary>The JSON of every type that crosses a process over HTTP, generated at build time: camel case, absent where null.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorEnvelope))]
[JsonSerializable(typeof(HealthStatus))]
[JsonSerializable(typeof(CreateSessionRequest))]
[JsonSerializable(typeof(RenewSessionRequest))]
[JsonSerializable(typeof(ResetSessionRequest))]
[JsonSerializable(typeof(SeedCloneRequest))]
[JsonSerializable(typeof(CloneToolList))]
[JsonSerializable(typeof(CloneCoverage))]
[JsonSerializable(typeof(CloneFaultList))]
[JsonSerializable(typeof(SessionEventLine))]
[JsonSerializable(typeof(SessionSummary))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(SessionLiveness))]
[JsonSerializable(typeof(CloneCatalogue))]
[JsonSerializable(typeof(CreateApiKeyRequest))]
[JsonSerializable(typeof(RotateApiKeyRequest))]
[JsonSerializable(typeof(RevokeTokenRequest))]
[JsonSerializable(typeof(ApiKey))]
[JsonSerializable(typeof(ApiKeyList))]
[JsonSerializable(typeof(ChangeMemberRequest))]
[JsonSerializable(typeof(Member))]
[JsonSerializable(typeof(MemberList))]
[JsonSerializable(typeof(NameWorkspaceRequest))]
[JsonSerializable(typeof(InviteMemberRequest))]
[JsonSerializable(typeof(MemberInvitation))]
[JsonSerializable(typeof(WorkspaceInvitationList))]
[JsonSerializable(typeof(AcceptInvitationRequest))]
[JsonSerializable(typeof(AcceptedInvitation))]
[JsonSerializable(typeof(CreateTokenRequest))]
[JsonSerializable(typeof(PersonalToken))]
[JsonSerializable(typeof(PersonalTokenList))]
[JsonSerializable(typeof(AuditLineList))]
[JsonSerializable(typeof(WorkspaceUsage))]
[JsonSerializable(typeof(TraceUpload))]
[JsonSerializable(typeof(TraceStored))]
[JsonSerializable(typeof(TraceList))]
[JsonSerializable(typeof(TraceRecord))]
[JsonSerializable(typeof(TracesDeleted))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(ScenarioList))]
[JsonSerializable(typeof(Workspace))]
[JsonSerializable(typeof(WorkspaceList))]
[JsonSerializable(typeof(AuthMe))]
[JsonSerializable(typeof(DeviceLoginRequest))]
[JsonSerializable(typeof(DeviceLoginStarted))]
[JsonSerializable(typeof(DeviceTokenRequest))]
[JsonSerializable(typeof(DeviceToken))]
[JsonSerializable(typeof(DeviceTokenRefusal))]
[JsonSerializable(typeof(DeviceApprovalRequest))]
[JsonSerializable(typeof(DeviceApproval))]
[JsonSerializable(typeof(InstallationStatus))]
[JsonSerializable(typeof(EvictGatewayRequest))]
[JsonSerializable(typeof(EvictedGateway))]
[JsonSerializable(typeof(SessionWhy))]
[JsonSerializable(typeof(WorkerLine))]
[JsonSerializable(typeof(PlacementStart))]
[JsonSerializable(typeof(PlacementStarted))]
[JsonSerializable(typeof(WorkerStatus))]
[JsonSerializable(typeof(WorkerRegistration))]
[JsonSerializable(typeof(WorkerRegistered))]
[JsonSerializable(typeof(WorkerPresence))]
public sealed partial class ContractsJson : JsonSerializerContext;
