using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ControlPlane.Running;
using ControlPlane.Wire;
using Xunit.Abstractions;

namespace ControlPlane.BadInput;

/// <summary>
/// Every operation of our own description under input that breaks it in one place: each is refused with 4xx in the envelope, nothing breaks and
/// nothing is stored. Only what administrators are refused is in the audit log, as it must be.
/// </summary>
public sealed partial class BadInputTests(ITestOutputHelper output)
{
    private const int Seed = 20261123;

    [Fact]
    public async Task Every_endpoint_refuses_bad_input_in_the_envelope_and_stores_nothing()
    {
        output.WriteLine($"Seed: {Seed}");
        await using var program = await StandaloneProcess.StartAsync(null, "--Gateway:RefusedTokensPerMinute=1000000");
        var (key, session) = (await program.CreateKeyAsync(), await program.StartSessionAsync());
        var (operations, schemas) = await Described.ReadAsync(program);
        var random = new Random(Seed);
        var requests = new BadRequests(new BadBodies(schemas, random), program.OwnerToken, Good(key, session), random);
        var before = await StoredAsync(program, session);

        var (sent, wrong) = (0, new List<string>());
        foreach (var request in operations.SelectMany(requests.Of))
        {
            sent++;
            if (Fault(request, await AskAsync(program, request), program.OwnerToken) is { } fault)
            {
                wrong.Add($"{request}: {fault}");
            }
        }

        output.WriteLine($"{sent} requests to {operations.Count} operations");
        Assert.True(wrong.Count == 0, $"Seed {Seed}: {wrong.Count} of {sent} were answered otherwise.\n{string.Join('\n', wrong.Take(40))}");
        Assert.True(operations.Count >= 40 && sent > 50 * operations.Count, $"Only {sent} requests to {operations.Count} operations.");
        Assert.Equal(before, await StoredAsync(program, session));
        Assert.DoesNotMatch(@"\n *at |\[2002\]|Exception", program.Log);
        Assert.DoesNotContain(program.OwnerToken, program.Log, StringComparison.Ordinal);
    }

    private static Func<string, string> Good(Key key, string session) => name => name switch
    {
        "workspaceId" => Tenant.Workspace,
        "sessionId" => session,
        "cloneId" => "github",
        "keyId" => key.Id,
        "userId" => "usr-owner",
        _ => "nobodys",
    };

    /// <summary>What is wrong with an answer; null: nothing.</summary>
    private static string? Fault(BadRequest request, Received? answer, string token)
    {
        if (answer is null)
        {
            return "no answer";
        }

        var said = $"{answer.Head.StartLine}\n{string.Join('\n', answer.Head.Headers)}\n{answer.Text}";
        return answer.Head.Status is < 400 or > 499 ? said
            : Trace().IsMatch(said) || said.Contains(token, StringComparison.Ordinal) ? $"it says too much: {said}"
            : answer.Head["x-archal-request-id"] is not { Length: > 0 } ? $"no request id: {said}"
            : HasShape(request.Operation, answer) ? null
            : $"no envelope: {said}";
    }

    /// <summary>The envelope, but where a standard or a person wants something else.</summary>
    private static bool HasShape(Described operation, Received answer)
    {
        var media = answer.Head["Content-Type"];
        if (answer.Head["x-route-error"] is not { } code)
        {
            // The page for people is a page, and whoever asks for a token in OAuth's way (RFC 6749, 5.2) is answered so.
            return operation.Path == "/device" ? media == "text/html; charset=utf-8"
                : operation.Path == "/auth/device/token" && JsonDocument.Parse(answer.Body).RootElement is var refused
                    && refused.GetProperty("error").GetString() is { Length: > 0 } && refused.TryGetProperty("error_description", out _);
        }

        var envelope = JsonDocument.Parse(answer.Body).RootElement;
        return media == "application/json" && envelope.GetProperty("code").GetString() == code
            && envelope.GetProperty("error").GetString() is { Length: > 0 } && envelope.GetProperty("message").GetString() is { Length: > 0 }
            && envelope.EnumerateObject().All(static field => field.Name is "error" or "code" or "message" or "detail");
    }

    private static async Task<Received?> AskAsync(StandaloneProcess program, BadRequest request)
    {
        await using var wire = await program.ConnectAsync();
        var sending = SendAsync(wire, request.Bytes);
        try
        {
            return await wire.ReadAnswerAsync();
        }
        finally
        {
            await wire.DisposeAsync();
            await sending;
        }
    }

    // A body that is refused is not read to its end.
    private static async Task SendAsync(RawConnection wire, string bytes)
    {
        try
        {
            await wire.SendAsync(bytes);
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
        }
    }

    /// <summary>All that callers can list, and the names and the contents of the records behind it.</summary>
    private static async Task<string> StoredAsync(StandaloneProcess program, string session)
    {
        var lists = new StringBuilder();
        foreach (var path in (string[])
        [
            "/api/sessions?status=all", "/api/workspaces", $"/api/workspaces/{Tenant.Workspace}/api-keys", $"/api/workspaces/{Tenant.Workspace}/members",
            $"/api/workspaces/{Tenant.Workspace}/usage", "/api/me/tokens", $"/api/sessions/{session}/clones/github/state",
        ])
        {
            var list = (await program.CallAsync(HttpMethod.Get, path, program.OwnerToken)).GetRawText();
            lists.AppendLine(Moving().Replace(list, ""));
        }

        return lists + string.Join('\n', Records(program));
    }

    private static IEnumerable<string> Records(StandaloneProcess program)
    {
        using var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(program.Data, "control.db")};Mode=ReadOnly;Pooling=False");
        database.Open();
        using var names = database.CreateCommand();
        // The credentials that the program warms itself up with go by themselves, and its gateway's record is its own.
        names.CommandText = """
            SELECT kind || ' ' || key FROM record WHERE kind <> 'gateway' AND state NOT LIKE '%"workspaceId":"warm-up"%' ORDER BY kind, key
            """;
        using var rows = names.ExecuteReader();
        while (rows.Read())
        {
            yield return rows.GetString(0);
        }
    }

    // That the token was used is true.
    [GeneratedRegex(@",?""lastUsedAt"":[^,}\]]*")]
    private static partial Regex Moving();

    [GeneratedRegex(@"   at |ControlPlane\.[A-Z]\w+\.|System\.|Microsoft\.|[a-z]Exception\b")]
    private static partial Regex Trace();
}
