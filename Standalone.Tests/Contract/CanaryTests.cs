using System.Text;
using ControlPlane.Credentials;
using ControlPlane.Running;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Contract;

/// <summary>
/// After all sorts of requests, good and bad, no token of ours and no token of a caller's service is anywhere but in memory: not in the database
/// or its write-ahead log, not in the worker's files, not in what was printed or logged.
/// </summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("control-plane-").FullName;
    private StandaloneProcess _program = null!;

    public async Task InitializeAsync() => _program = await StandaloneProcess.StartAsync(
        _data, "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:ControlPlane=Trace", "--Gateway:RefusedTokensPerMinute=1000000");

    public async Task DisposeAsync()
    {
        await _program.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task No_token_is_in_any_file_or_line()
    {
        var session = await _program.StartSessionAsync();
        var (key, revoked, unused) = (await _program.CreateKeyAsync(), await _program.CreateKeyAsync(), await _program.CreateKeyAsync());
        var (service, upstream) = (string.Join('_', "ghp", new string('7', 36)), $"upstream{Token.NewId()}{Token.NewId()}");
        await AskEverythingAsync(session, key.Secret, revoked.Secret, service, upstream);
        await _program.RevokeAsync(revoked.Id);
        await AskEverythingAsync(session, revoked.Secret, key.Secret, service, upstream);
        await _program.CallAsync(HttpMethod.Post, $"/runtime/{session}/github/api/user/repos", key.Secret, new { name = "canary-in-the-mine" });
        var placementKey = await PlacementKeyAsync(session);

        string[] tokens = [_program.OwnerToken, key.Secret, revoked.Secret, unused.Secret, service, upstream];
        AssertNowhere(tokens.SelectMany(Shapes));
        Assert.DoesNotContain(Contents("worker"), file => file.Text.Contains(placementKey, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(placementKey, _program.Log, StringComparison.Ordinal);

        // What is looked for would be found: these are where they belong.
        Assert.Contains(Contents(""), file => file.Text.Contains(key.Id, StringComparison.Ordinal));
        Assert.Contains(Contents("worker"), file => file.Text.Contains("canary-in-the-mine", StringComparison.Ordinal));
        Assert.Contains(session, _program.Log, StringComparison.Ordinal);

        Assert.Equal(0, await _program.TerminateAsync());
        AssertNowhere(tokens.SelectMany(Shapes));
    }

    private async Task AskEverythingAsync(string session, string token, string other, string service, string upstream)
    {
        var clone = $"/runtime/{session}/github/api";
        string[] requests =
        [
            $"GET {clone}/user | x-route-authorization: Bearer {token} | Authorization: Bearer {service}",
            $"GET {clone}/user | Authorization: Bearer {token} | x-archal-upstream-authorization: token {upstream}",

            // The one published case: the worker sees the token.
            $"GET {clone}/user | Authorization: Bearer {token}",
            $"POST {clone}/user/repos | Authorization: Bearer {token} | Content-Length: 12",
            $"GET {clone}/no/such/thing?access_token={token}&client_secret={service} | Authorization: token {token}",
            $"GET {clone}/user | x-route-authorization: Bearer {token} | Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"octocat:{service}"))}",
            $"GET {clone}/user | Authorization: Bearer {token} | Cookie: t={other}; s={service} | User-Agent: {other} | Referer: http://x/?{other} | traceparent: {other}",
            $"GET {clone}/user | Authorization: Bearer {token} | Connection: {other}, host",
            $"GET {clone}/../{token} | Authorization: Bearer {other}",
            $"GET /runtime/{session}/{token}/api | Authorization: Bearer {other}",
            $"GET /runtime/{token}/github/api | Authorization: Bearer {other}",
            $"GET /runtime/{token}/github/api",
            $"GET /github/api | Host: {token}.clones.localhost | Authorization: Bearer {other}",
            $"GET /github/api | Host: {token} | Authorization: Bearer {other}",
            $"GET {clone}/user | Authorization: Bearer {token[..^1]}",
            $"GET {clone}/user | Authorization: Digest {token}",
            $"GET {clone}/user | Authorization: Bearer {token}, Bearer {other}",
            $"{token} {clone}/user | Authorization: Bearer {other}",
            $"GET {clone}/user | Connection: Upgrade | Upgrade: websocket | Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA== | Sec-WebSocket-Version: 13 "
                + $"| Sec-WebSocket-Protocol: x, archal.bearer.{Convert.ToBase64String(Encoding.UTF8.GetBytes(token)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}",
            $"GET /api/sessions?access_token={token}&cursor={token} | Authorization: Bearer {token}",
            $"GET /api/sessions?label={token}:{token} | Authorization: Bearer {token}",
            $"GET /api/sessions/{token} | Authorization: Bearer {other}",
            $"GET /api/{token} | Authorization: Bearer {other}",
            $"GET /api/workspaces/{token} | Authorization: Bearer {_program.OwnerToken}",
            $"DELETE /api/workspaces/ws-default/api-keys/{token} | Authorization: Bearer {_program.OwnerToken}",
            $"GET /api/sessions | Authorization: Bearer {token} | x-archal-workspace-id: {other}",
            $"GET /auth/me | Authorization: Bearer {_program.OwnerToken}",
        ];
        foreach (var request in requests)
        {
            var parts = request.Split(" | ");
            var host = parts.Any(part => part.StartsWith("Host:", StringComparison.Ordinal)) ? "" : "Host: localhost\r\n";
            var body = request.Contains("Content-Length: 12", StringComparison.Ordinal) ? "{\"name\": 1 }" : "";
            await _program.SendRawAsync($"{parts[0]} HTTP/1.1\r\n{host}{string.Concat(parts[1..].Select(header => header.Trim() + "\r\n"))}\r\n{body}");
        }

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, await OrderAsync(token));
    }

    // A field that nobody knows, named and filled with a token.
    private async Task<System.Net.HttpStatusCode> OrderAsync(string token)
    {
        using var client = _program.Client(_program.OwnerToken);
        using var body = new StringContent($"{{\"clones\":[\"{token}\"],\"{token}\":\"{token}\"}}", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/api/sessions", body);
        return answer.StatusCode;
    }

    private void AssertNowhere(IEnumerable<string> shapes)
    {
        var files = Contents("").Append(("what was logged", _program.Log)).Append(("what was printed", _program.Greeting)).ToList();
        foreach (var shape in shapes)
        {
            Assert.All(files, file => Assert.False(
                file.Item2.Contains(shape, StringComparison.OrdinalIgnoreCase), $"{file.Item1} holds a token: {Around(file.Item2, shape)}"));
        }
    }

    // As it is, its secret part alone, and as the two kinds of Base64 that headers are written in. Compared without case, for ids are put in lower case.
    private static IEnumerable<string> Shapes(string token)
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(token)).TrimEnd('=');
        return [token[(token.LastIndexOf('_') + 1)..], encoded, encoded.Replace('+', '-').Replace('/', '_')];
    }

    private IEnumerable<(string Name, string Text)> Contents(string folder) =>
        from file in Directory.EnumerateFiles(Path.Combine(_data, folder), "*", SearchOption.AllDirectories)
        where Path.GetFileName(file) != "owner.token" && new FileInfo(file).Length > 0
        select (Path.GetRelativePath(_data, file), Read(file));

    private static string Read(string file)
    {
        // The program holds most of these open.
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Encoding.Latin1.GetString(bytes.ToArray());
    }

    private static string Around(string text, string shape)
    {
        var at = text.IndexOf(shape, StringComparison.OrdinalIgnoreCase);
        return text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 10)];
    }

    private async Task<string> PlacementKeyAsync(string session)
    {
        await using var database = new SqliteConnection($"Data Source={Path.Combine(_data, "control.db")};Mode=ReadOnly;Pooling=False");
        await database.OpenAsync();
        await using var query = database.CreateCommand();
        query.CommandText = "SELECT state ->> '$.placement.key' FROM record WHERE kind = 'session' AND key = $key";
        query.Parameters.AddWithValue("$key", session);
        return (string)(await query.ExecuteScalarAsync())!;
    }
}
