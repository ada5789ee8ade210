using System.Collections.Concurrent;
using System.Text.Json;
using ControlPlane.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ControlPlane.Server;

/// <summary>The part of the contract that is about a workspace's keys.</summary>
internal sealed class KeysOfServer
{
    private readonly ConcurrentDictionary<string, ApiKey> _keys = new();
    private int _made;

    public KeysOfServer(WebApplication app)
    {
        const string All = $"/api/workspaces/{ContractServer.WorkspaceId}/api-keys";
        app.MapGet(All, () => TypedResults.Json(new ApiKeyList([.. _keys.Values.Select(Public)]), ContractsJson.Default.ApiKeyList));
        app.MapPost(All, Make);
        app.MapPost($"{All}/{{id}}/rotate", Rotate);
        app.MapDelete($"{All}/{{id}}", RevokeAsync);
    }

    public CreateApiKeyRequest LastRequest { get; private set; } = new();

    public RotateApiKeyRequest LastRotation { get; private set; } = new();

    public ApiKey Only => _keys.Values.Single();

    public IEnumerable<string> Secrets => _keys.Values.Select(key => key.Secret!);

    public bool AllRevoked => _keys.Values.All(key => key.RevokedAt is not null);

    private JsonHttpResult<ApiKey> Make(HttpContext http)
    {
        LastRequest = JsonSerializer.Deserialize(((Call)http.Items[typeof(Call)]!).Body, ContractsJson.Default.CreateApiKeyRequest)!;
        var now = TimeProvider.System.GetUtcNow();
        var secret = Tokens.New(Tokens.WorkspaceKind);
        var key = new ApiKey
        {
            Id = $"key-{Interlocked.Increment(ref _made)}",
            Label = LastRequest.Label!,
            Prefix = secret[..14],
            Scopes = LastRequest.Scopes ?? ["sessions:read", "sessions:write", "workspaces:read"],
            CreatedAt = now,
            CreatedBy = "user-1",
            ExpiresAt = LastRequest.ExpiresInSeconds is { } seconds ? now.AddSeconds(seconds) : null,
            Secret = secret,
        };
        _keys[key.Id] = key;
        return TypedResults.Json(key, ContractsJson.Default.ApiKey, statusCode: 201);
    }

    private JsonHttpResult<ApiKey> Rotate(string id, HttpContext http)
    {
        LastRotation = JsonSerializer.Deserialize(((Call)http.Items[typeof(Call)]!).Body, ContractsJson.Default.RotateApiKeyRequest)!;
        _keys[id] = _keys[id] with { Secret = Tokens.New(Tokens.WorkspaceKind) };
        return TypedResults.Json(_keys[id], ContractsJson.Default.ApiKey);
    }

    private async Task RevokeAsync(string id, HttpContext http)
    {
        if (!_keys.TryGetValue(id, out var key))
        {
            await ContractServer.RefuseAsync(http, 404, "key_not_found", $"There is no key {id}.");
            return;
        }

        _keys[id] = key with { RevokedAt = TimeProvider.System.GetUtcNow() };
        http.Response.Headers["x-archal-revocation"] = "acknowledged=3, waited=1, ms=5021";
        http.Response.StatusCode = 204;
    }

    private static ApiKey Public(ApiKey key) => key with { Secret = null };
}
