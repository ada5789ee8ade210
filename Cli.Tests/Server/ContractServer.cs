using System.Collections.Concurrent;
using ControlPlane.Auth;
using ControlPlane.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server;

/// <summary>
/// The contract's management API on a real socket, as far as the command line uses it, with switches for what can go wrong.
/// </summary>
internal sealed class ContractServer : IAsyncDisposable
{
    public const string WorkspaceId = "ws-one";

    private readonly WebApplication _app;

    public ContractServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Use(AdmitAsync);
        _app.MapGet("/auth/me", Me);
        Devices = new(_app);
        Sessions = new(_app);
        Keys = new(_app);
        People = new(_app);
    }

    public DevicesOfServer Devices { get; }

    public SessionsOfServer Sessions { get; }

    public KeysOfServer Keys { get; }

    public PeopleOfServer People { get; }

    public string UserToken { get; } = Tokens.New(Tokens.PersonalKind);

    public string WorkspaceToken { get; } = Tokens.New(Tokens.WorkspaceKind);

    /// <summary>Every token that must not be seen, but those whose showing was asked for.</summary>
    public IEnumerable<string> AllTokens => [UserToken, WorkspaceToken, Devices.Token, Devices.DeviceCode, .. Keys.Secrets];

    public ConcurrentQueue<Call> Calls { get; } = [];

    public IEnumerable<string> Asked => Calls.Select(call => call.What);

    /// <summary>Answers of another kind than the product's, for these calls.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, Task>> Instead { get; } = [];

    public string Address => _app.Urls.Single();

    public Task StartAsync() => _app.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static Task RefuseAsync(HttpContext http, int status, string code, string message)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new ErrorEnvelope("refused", code, message), ContractsJson.Default.ErrorEnvelope);
    }

    private async Task AdmitAsync(HttpContext http, RequestDelegate next)
    {
        using var reader = new StreamReader(http.Request.Body);
        var what = $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}";
        var call = new Call(what, http.Request.Headers["x-archal-workspace-id"], await reader.ReadToEndAsync());
        Calls.Enqueue(call);
        http.Items[typeof(Call)] = call;
        http.Response.Headers["x-archal-request-id"] = "request-1";

        var token = http.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var bearer] ? bearer : "";
        if (Instead.TryGetValue(what, out var answer))
        {
            await answer(http);
        }
        else if (DevicesOfServer.IsForAnybody(http.Request))
        {
            await next(http);
        }
        else if (token != UserToken && token != WorkspaceToken && token != Devices.Token && what != "POST /auth/invitations/accept")
        {
            await RefuseAsync(http, 401, "credential_invalid", "The token is unknown or revoked. Log in again.");
        }
        else if (token == WorkspaceToken && what.Contains("/api-keys", StringComparison.Ordinal))
        {
            await RefuseAsync(http, 403, "scope_missing", "A workspace key cannot administer keys.");
        }
        else
        {
            await next(http);
        }
    }

    private JsonHttpResult<AuthMe> Me(HttpContext http)
    {
        var isUser = http.Request.Headers.Authorization.ToString().EndsWith(UserToken, StringComparison.Ordinal);
        var me = new AuthMe
        {
            UserId = "user-1",
            Email = isUser ? "ada@example.com" : null,
            Plan = "self-hosted",
            SelectedCloneIds = ["github"],
            CredentialKind = isUser ? "personal" : "workspace_key",
            WorkspaceId = WorkspaceId,
            Role = isUser ? "owner" : null,
            Scopes = ["sessions:read", "sessions:write"],
        };
        return TypedResults.Json(me, ContractsJson.Default.AuthMe);
    }
}
