using System.Text.Json;
using ControlPlane.Audit;
using ControlPlane.Invitations;
using ControlPlane.Usage;
using ControlPlane.Users;
using ControlPlane.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Server;

/// <summary>The part of the contract that is about people: members, their tokens, workspaces, and what is kept of what they did.</summary>
internal sealed class PeopleOfServer
{
    public const string Code = "archal_inv_code";
    public const string InvitationId = "0a1b";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public PeopleOfServer(WebApplication app)
    {
        const string Workspace = $"/api/workspaces/{ContractServer.WorkspaceId}";
        app.MapGet($"{Workspace}/members", () => TypedResults.Json(
            new MemberList([new Member("user-1", "owner", "ada@example.com"), new Member("user-2", "member")]), ContractsJson.Default.MemberList));
        app.MapPost($"{Workspace}/members", (HttpContext http) =>
        {
            var request = Body(http, ContractsJson.Default.InviteMemberRequest);
            return TypedResults.Json(new MemberInvitation(InvitationId, Code, request.Email!, request.Role ?? "member", Noon), ContractsJson.Default.MemberInvitation, statusCode: 201);
        });
        app.MapGet($"{Workspace}/invitations", () => TypedResults.Json(
            new WorkspaceInvitationList([new WorkspaceInvitation(InvitationId, "bob@example.com", "admin", "user-1", Noon, Noon)]),
            ContractsJson.Default.WorkspaceInvitationList));
        app.MapDelete($"{Workspace}/invitations/{InvitationId}", () => TypedResults.NoContent());
        app.MapPatch($"{Workspace}/members/user-2", (HttpContext http) => TypedResults.Json(
            new Member("user-2", Body(http, ContractsJson.Default.ChangeMemberRequest).Role!), ContractsJson.Default.Member));
        app.MapDelete($"{Workspace}/members/user-2", Gone);
        app.MapDelete("/api/me/tokens/token-1", Gone);
        app.MapGet("/api/me/tokens", () => TypedResults.Json(new PersonalTokenList([Token(null), Login]), ContractsJson.Default.PersonalTokenList));
        app.MapPost("/api/me/tokens", () => TypedResults.Json(Token(Secret), ContractsJson.Default.PersonalToken, statusCode: 201));
        app.MapPost("/auth/invitations/accept", (HttpContext http) => TypedResults.Json(
            new AcceptedInvitation("user-3", ContractServer.WorkspaceId, "bob@example.com", "member",
                http.Request.Headers.Authorization.Count == 0 ? Token(Secret) : null),
            ContractsJson.Default.AcceptedInvitation, statusCode: 201));
        app.MapGet("/api/workspaces", () => TypedResults.Json(
            new WorkspaceList([new Workspace(ContractServer.WorkspaceId, "One", Noon, "owner")]), ContractsJson.Default.WorkspaceList));
        app.MapPost("/api/workspaces", (HttpContext http) => TypedResults.Json(
            new Workspace("ws-two", Body(http, ContractsJson.Default.NameWorkspaceRequest).Name!, Noon, "owner"), ContractsJson.Default.Workspace, statusCode: 201));
        app.MapPatch(Workspace, (HttpContext http) => TypedResults.Json(
            new Workspace(ContractServer.WorkspaceId, Body(http, ContractsJson.Default.NameWorkspaceRequest).Name!, Noon, "owner"), ContractsJson.Default.Workspace));
        app.MapGet($"{Workspace}/audit-events", () => TypedResults.Json(
            new AuditLineList([new AuditLine("1", Noon, "user:user-1", "api_key.revoke", "key-1", null, "192.0.2.1", "refused", "role_missing", null)], "7"),
            ContractsJson.Default.AuditLineList));
        app.MapGet($"{Workspace}/usage", () =>
        {
            var (day, total) = (new DateOnly(2026, 1, 1), new UsageTotals(2, 30.5, 100, 2_000, 3_000));
            return TypedResults.Json(
                new WorkspaceUsage(ContractServer.WorkspaceId, day, day, total, [new DayUsage(day, total, [new KeyUsage("key:key-1", total)])]),
                ContractsJson.Default.WorkspaceUsage);
        });
    }

    /// <summary>The token that it gives away.</summary>
    public string Secret { get; } = Tokens.New(Tokens.PersonalKind);

    private static PersonalToken Login { get; } =
        new() { Id = "login-1", Kind = "login", Label = "archal on lost", Prefix = "archal_login_1", CreatedAt = Noon };

    /// <summary>As earlier servers answer it, without a kind.</summary>
    private static PersonalToken Token(string? secret) =>
        new() { Id = "token-1", Label = "laptop", Prefix = "arc_0", CreatedAt = Noon, Secret = secret };

    private static T Body<T>(HttpContext http, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(((Call)http.Items[typeof(Call)]!).Body, type)!;

    private static IResult Gone(HttpContext http)
    {
        http.Response.Headers["x-archal-revocation"] = "acknowledged=3, waited=1, ms=5021";
        return TypedResults.NoContent();
    }
}
