using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.Headers;
using ControlPlane.Output;

namespace ControlPlane.Server;

/// <summary>Calls to the management API with the caller's token. Every failure is a sentence that a person can act on.</summary>
internal sealed class ServerClient : IDisposable
{
    // A refused connection tells at once; this is for addresses that swallow packets.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    // A revocation may wait one lease (10 s); a session may wait for its worker. Past this nothing good comes.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    /// <summary>Of a call that is done once, however often it is sent.</summary>
    private const int MostTries = 3;

    private const int LongestAnswer = 16 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly bool _verbose;

    /// <param name="token">Null: the call shows none.</param>
    public ServerClient(ServerAddress address, string? token, string? workspace, bool verbose, TimeProvider time)
    {
        Address = address;
        _time = time;
        _verbose = verbose;

        // No redirects: a token goes where the caller said and nowhere else.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectLimit,
            UseCookies = false,
            UseProxy = !address.IsThisMachine,
        };
        _http = new(handler) { BaseAddress = address.Uri, Timeout = AnswerLimit, MaxResponseContentBufferSize = LongestAnswer };
        _http.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        _http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        if (workspace is not null && !_http.DefaultRequestHeaders.TryAddWithoutValidation(HeaderNames.WorkspaceId, workspace))
        {
            throw CommandFailure.WrongUse("The workspace's id cannot be sent as a header.");
        }
    }

    public ServerAddress Address { get; }

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return await ReadAsync(answer, type, cancellationToken);
    }

    public Task<TAnswer> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, bodyType, answerType, cancellationToken);

    public async Task<TAnswer> SendAsync<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        content.Headers.ContentType = new("application/json");
        using var answer = await SendAsync(method, path, content, cancellationToken);
        return await ReadAsync(answer, answerType, cancellationToken);
    }

    /// <summary>Posts what is done once for this key, however often it is sent: again when the answer was lost.</summary>
    /// <returns>The answer, and whether it is the one that was given to an earlier call.</returns>
    public async Task<(TAnswer Answer, bool Replayed)> PostOnceAsync<TBody, TAnswer>(
        string path, string key, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        using var answer = await PostOnceAsync(path, key, JsonSerializer.SerializeToUtf8Bytes(body, bodyType), cancellationToken);
        return (await ReadAsync(answer, answerType, cancellationToken), answer.Headers.Contains(HeaderNames.Replayed));
    }

    public async Task<TAnswer> SendAsync<TAnswer>(HttpMethod method, string path, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(method, path, null, cancellationToken);
        return await ReadAsync(answer, answerType, cancellationToken);
    }

    /// <summary>Hands on each line of an answer that goes on, as it comes.</summary>
    public async Task FollowAsync(string path, Action<string> line, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellationToken, HttpCompletionOption.ResponseHeadersRead);
        try
        {
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
            while (await lines.ReadLineAsync(cancellationToken) is { } next)
            {
                line(next);
            }
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException)
        {
            throw new CommandFailure($"{Address} broke off in the middle of its answer.");
        }
    }

    /// <summary>Copies an answer of any length as it comes.</summary>
    /// <returns>The value of a header of it; null when it has none.</returns>
    public async Task<string?> CopyAsync(string path, string header, Stream target, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellationToken, HttpCompletionOption.ResponseHeadersRead);
        try
        {
            await answer.Content.CopyToAsync(target, cancellationToken);
        }
        catch (Exception problem) when (problem is HttpRequestException or HttpIOException)
        {
            throw new CommandFailure($"{Address} broke off in the middle of its answer.");
        }

        return answer.Headers.TryGetValues(header, out var values) ? string.Join(' ', values) : null;
    }

    /// <summary>Posts what is answered without a body.</summary>
    /// <returns>What the server said about the revocation; null when it said nothing.</returns>
    public async Task<RevocationReport?> PostAsync<TBody>(string path, TBody body, JsonTypeInfo<TBody> bodyType, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        content.Headers.ContentType = new("application/json");
        using var answer = await SendAsync(HttpMethod.Post, path, content, cancellationToken);
        return RevocationReport.In(answer.Headers);
    }

    /// <returns>What the server said about the revocation; null when it said nothing.</returns>
    public async Task<RevocationReport?> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Delete, path, null, cancellationToken);
        return RevocationReport.In(answer.Headers);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> PostOnceAsync(string path, string key, byte[] body, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
            try
            {
                return await SendAsync(HttpMethod.Post, path, content, cancellationToken, idempotencyKey: key);
            }
            catch (LostAnswer) when (tries < MostTries)
            {
                // The same key: it is told what it was told before.
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken,
        HttpCompletionOption until = HttpCompletionOption.ResponseContentRead, string? idempotencyKey = null)
    {
        // Below the address' own path, if it has one.
        using var request = new HttpRequestMessage(method, path.TrimStart('/')) { Content = body };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        var started = _time.GetTimestamp();
        try
        {
            var answer = await _http.SendAsync(request, until, cancellationToken);
            if (_verbose)
            {
                Screen.WriteRemark(Trace(answer, method, path, _time.GetElapsedTime(started)));
            }

            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                throw ServerRefusal.From(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken), Address);
            }
        }
        catch (HttpRequestException broken) when (broken.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.Unknown)
        {
            throw new LostAnswer($"{Address} broke the connection off before it answered {method} {path}. It may have done it: look before you try again.");
        }
        catch (HttpRequestException unreachable)
        {
            throw new CommandFailure(
                $"{Address} cannot be reached ({Reason(unreachable)}). "
                + $"Start the control plane, or set {ArchalVariables.ApiUrl} to where it runs.");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailure(
                $"{Address} did not answer {method} {path} within {Durations.Text(AnswerLimit)}. Is it well? Try {Address}/health/ready.");
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            var content = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            return JsonSerializer.Deserialize(content, type) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new CommandFailure($"{Address} did not answer as the control plane does. Is {ArchalVariables.ApiUrl} its address?");
        }
    }

    // "Connection refused (localhost:8080)": the address is in the sentence already.
    private static string Reason(HttpRequestException unreachable) => unreachable.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "no such host",
        HttpRequestError.ConnectionError => "connection refused or timed out",
        HttpRequestError.SecureConnectionError => "no trusted TLS connection",
        _ => "the connection broke",
    };

    private static string Trace(HttpResponseMessage answer, HttpMethod method, string path, TimeSpan took)
    {
        var request = answer.Headers.TryGetValues(HeaderNames.RequestId, out var ids) ? $", request {string.Join(' ', ids)}" : "";
        return FormattableString.Invariant($"{method} {path}: {(int)answer.StatusCode} in {took.TotalMilliseconds:0} ms{request}");
    }
}
