using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.Auth;
using ControlPlane.Creations;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Headers;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace ControlPlane.Sessions;

/// <summary>Creates sessions, each once for an <c>Idempotency-Key</c>, with the bytes that were answered first.</summary>
internal sealed class SessionCreation(IEntities entities, SessionAnswers answers, IOptions<JsonOptions> json)
{
    public const string Header = "Idempotency-Key";

    private readonly JsonTypeInfo<SessionSummary> _shape =
        (JsonTypeInfo<SessionSummary>)json.Value.SerializerOptions.GetTypeInfo(typeof(SessionSummary));

    /// <summary>The answer's bytes.</summary>
    public async Task<byte[]> RunAsync(HttpContext http, CreateSessionRequest request, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        var named = Key(http.Request.Headers);
        var (key, fingerprint) = named is null || request.PreflightOnly == true
            ? (null, "")
            : (CreationKey.Of(caller.WorkspaceId, named), CreationKey.Fingerprint(caller.Name, CanonicalJson.Of(request, ContractsJson.Default.CreateSessionRequest)));

        // What was answered stands, whatever could be started now.
        if (key is not null && await entities.Creation(key).FindAsync(fingerprint, cancellationToken) is { } earlier)
        {
            http.Response.Headers[HeaderNames.Replayed] = "true";
            return earlier;
        }

        var made = SessionOrder.Check(request, await entities.Workers.CatalogueAsync(cancellationToken));
        if (request.PreflightOnly == true)
        {
            return Write(answers.Preflight(caller, made));
        }

        return key is null
            ? Write(answers.Summary(await entities.Session(SessionId.New()).CreateAsync(caller, made, cancellationToken)))
            : await KeyedCreation.RunAsync(
                entities, caller, key, fingerprint, made, view => Write(answers.Summary(view)), cancellationToken);
    }

    /// <summary>The caller's key; null: there is none.</summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    private static string? Key(IHeaderDictionary headers) => headers[Header] switch
    {
        [] => null,
        [{ Length: > 0 and <= CreationKey.Longest } key] when !key.AsSpan().ContainsAnyExceptInRange(' ', '~') => key,
        _ => throw Invalid.At(Header, $"send it once, with 1 to {CreationKey.Longest} printable characters of ASCII."),
    };

    private byte[] Write(SessionSummary summary) => JsonSerializer.SerializeToUtf8Bytes(summary, _shape);
}
