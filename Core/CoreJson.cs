using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.AgentTraces;
using ControlPlane.Audit;
using ControlPlane.Creations;
using ControlPlane.Credentials;
using ControlPlane.Events;
using ControlPlane.Invitations;
using ControlPlane.Leases;
using ControlPlane.Logins;
using ControlPlane.Sessions;
using ControlPlane.Usage;
using ControlPlane.Users;
using ControlPlane.Workers;
using ControlPlane.Workspaces;

namespace ControlPlane;

/// <summary>The one JSON of every record that is stored: property names are a contract, enums are words, absent where null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AuditEvent))]
[JsonSerializable(typeof(CreationState))]
[JsonSerializable(typeof(CredentialState))]
[JsonSerializable(typeof(GatewayState))]
[JsonSerializable(typeof(InvitationState))]
[JsonSerializable(typeof(LoginState))]
[JsonSerializable(typeof(SessionState))]
[JsonSerializable(typeof(SessionEvent))]
[JsonSerializable(typeof(SessionListing))]
[JsonSerializable(typeof(TraceListing))]
[JsonSerializable(typeof(TraceState))]
[JsonSerializable(typeof(UsageEntry))]
[JsonSerializable(typeof(UserState))]
[JsonSerializable(typeof(WorkerPoolState))]
[JsonSerializable(typeof(WorkspaceState))]
public sealed partial class CoreJson : JsonSerializerContext;
