using System.Text.Json;
using ControlPlane.GitHub.Http;
using ControlPlane.GitHub.Seeds;
using ControlPlane.Journals;
using ControlPlane.Workers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ControlPlane.GitHub;

/// <summary>
/// One session's GitHub. Steps, in GitHub's order, the first that fails answers: route → credential → rate → version and media type; then,
/// in the operation: the repository can be seen → it may be changed → the body is JSON → its shape → its meaning.
/// </summary>
internal sealed partial class GitHubSession(
    Ledger<GitHubState, GitHubChange> ledger, GitHubOptions options, BodyRoom room, TimeProvider time, ILogger logger) : ISessionClone
{
    // Without a credential nothing is served, so what is left of GitHub's anonymous bucket is its headers.
    private const int AnonymousLimit = 60;

    private readonly RateLimit _core = new("core", options.CoreLimit, options.RateWindow, time);
    private readonly RateLimit _anonymous = new("core", AnonymousLimit, options.RateWindow, time);

    public async Task AnswerAsync(HttpContext http, string baseUrl)
    {
        var request = http.Request;
        if (Target.Of(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is not { } target)
        {
            await Envelope.WriteAsync(http, StatusCodes.Status404NotFound, "path_unknown",
                "The GitHub clone answers below /api. It offers no MCP endpoint.");
            return;
        }

        var reading = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        var route = Routes.Find(reading ? "GET" : request.Method, target);
        var credential = Credentials.In(request.Headers.Authorization);
        var bucket = credential == Credential.None ? _anonymous : _core;
        var rate = bucket.Take();
        var media = MediaType.Of(request.Headers.Accept);
        var refused = route is null ? Refusals.RouteUnknown
            : credential == Credential.None ? Refusals.RequiresAuthentication
            : rate.Exceeded ? Refusals.RateLimited(await UserIdAsync())
            : ApiVersion.Fault(request.Headers);
        var answer = refused ?? await RunAsync(http, new Call(route!, target, new Links(baseUrl), media, WholeSeconds(time.GetUtcNow())));
        var tag = answer is { Status: 200 or 201, Json: { } json } ? Validators.ETag(json, media) : null;
        if (reading && tag is not null && Validators.HasIt(request.Headers, tag, answer.LastModified))
        {
            rate = bucket.GiveBack();
            answer = new Answer(StatusCodes.Status304NotModified) { LastModified = answer.LastModified };
        }

        http.Response.StatusCode = answer.Status;
        ResponseHeaders.Write(http.Response.Headers, answer, route, media, credential, rate, time.GetUtcNow());
        http.Response.Headers.ETag = tag;
        if (answer.Json is { } body)
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            http.Response.ContentLength = body.Length;
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    public async Task<byte[]> ExportAsync() => StateDocument.Write(await ledger.ReadAsync());

    public async Task<string?> ReplaceAsync(string? seed, JsonElement state)
    {
        var (next, fault) = seed is null ? StateDocument.Read(state) : (GitHubSeeds.Named(seed), null);
        return next is null ? fault : await ledger.ChangeAsync(_ => new Decision<GitHubChange, string?>(
            null, new GitHubChange { Replaced = [.. GitHubRules.Instance.Export(next)] }));
    }

    public ValueTask DisposeAsync() => ledger.DisposeAsync();

    private async Task<Answer> RunAsync(HttpContext http, Call call)
    {
        // Read before anything is decided, and outside the catch below: a caller who breaks off is no fault of the disk.
        var (read, refused) = call.Route.Writes ? await RequestBody.ReadAsync(http.Request, room, http.RequestAborted) : default;
        using var body = read;
        if (refused is not null)
        {
            return refused;
        }

        var asked = call with { Body = body };
        try
        {
            return call.Route.Writes
                ? await ledger.ChangeAsync(state =>
                {
                    var answer = asked.Route.Run(state, asked);
                    return new Decision<GitHubChange, Answer>(answer, answer.Change);
                })
                : asked.Route.Run(await ledger.ReadAsync(), asked);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotDurable(exception);
            return Refusals.Unavailable;
        }
    }

    private async Task<long> UserIdAsync() => (await ledger.ReadAsync()).User.Id;

    // GitHub's times have no fractions; what is kept is what is shown.
    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    [LoggerMessage(EventId = 7202, EventName = "CloneStateNotDurable", Level = LogLevel.Error,
        Message = "A clone's state could not be read or written; the request was not acknowledged")]
    private partial void LogNotDurable(Exception exception);
}
