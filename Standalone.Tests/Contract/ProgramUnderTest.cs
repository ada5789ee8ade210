using ControlPlane.Credentials;
using ControlPlane.Running;
using ControlPlane.Wire;

namespace ControlPlane.Contract;

/// <summary>One running program for the tests of the contract's tables, with everything in it that a request can meet.</summary>
public abstract class ProgramUnderTest(bool reuse, params string[] settings) : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("control-plane-").FullName;
    private Dictionary<string, string> _words = [];

    internal StandaloneProcess Program { get; private set; } = null!;

    /// <summary>A key with all scopes.</summary>
    internal Key Key { get; private set; } = null!;

    /// <summary>A running session.</summary>
    internal string Session { get; private set; } = "";

    public virtual async Task InitializeAsync()
    {
        var prepared = new PreparedData();
        await prepared.WriteAsync(_data);
        Program = await StandaloneProcess.StartAsync(
            _data, [$"--Leases:Reuse={reuse}", "--Gateway:RefusedTokensPerMinute=1000000", "--Sessions:StartLimit=00:10:00",
            "--Workers:ReturnWithin=01:00:00", .. settings]);
        Key = await Program.CreateKeyAsync();
        Session = await Program.StartSessionAsync();
        var reader = await Program.CreateKeyAsync("sessions:read");
        var revoked = await Program.CreateKeyAsync();
        await Program.RevokeAsync(revoked.Id);
        var ended = await Program.StartSessionAsync();
        await Program.DeleteAsync($"/api/sessions/{ended}");
        var spent = await Program.StartSessionAsync(rateLimit: 1);
        await Program.SendRawAsync($"GET /runtime/{spent}/github/api/user HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {Key.Secret}\r\n\r\n");
        _words = new Dictionary<string, string>
        {
            ["{key}"] = Key.Secret,
            ["{reader}"] = reader.Secret,
            ["{revoked}"] = revoked.Secret,
            ["{expired}"] = prepared.ExpiredKey,
            ["{other}"] = prepared.OtherWorkspaceKey,
            ["{unknown}"] = Token.Create(CredentialKind.WorkspaceKey, Token.NewId()),
            ["{mistyped}"] = Key.Secret[..^1] + (Key.Secret[^1] == '0' ? '1' : '0'),
            ["{running}"] = Session,
            ["{ended}"] = ended,
            ["{spent}"] = spent,
            ["{starting}"] = prepared.StartingSession,
            ["{failed}"] = prepared.FailedSession,
            ["{lost}"] = prepared.LostSession,
            ["{nobody}"] = "ses-nobody",
        };
    }

    public virtual async Task DisposeAsync()
    {
        await Program.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>Every token that the tests send.</summary>
    internal IEnumerable<string> Tokens => _words.Values.Where(word => word.StartsWith("archal_", StringComparison.Ordinal));

    /// <summary>A test's words for keys and sessions become those of this program.</summary>
    internal string Filled(string text) => _words.Aggregate(text, (filled, word) => filled.Replace(word.Key, word.Value, StringComparison.Ordinal));

    /// <summary>
    /// Sends a request given as <c>METHOD target | header | header | = body</c>; <c>Host</c> is a public one unless it is given.
    /// </summary>
    internal async Task<Received> AskAsync(string request)
    {
        var parts = Filled(request).Split(" | ");
        var body = parts.FirstOrDefault(part => part.StartsWith("= ", StringComparison.Ordinal))?[2..];
        var headers = parts[1..].Where(part => !part.StartsWith("= ", StringComparison.Ordinal)).ToList();
        if (!headers.Exists(header => header.StartsWith("Host:", StringComparison.Ordinal)))
        {
            headers.Add("Host: localhost");
        }

        if (body is not null)
        {
            headers.AddRange(["Content-Type: application/json", $"Content-Length: {body.Length}"]);
        }

        var message = $"{parts[0]} HTTP/1.1\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n{body}";
        return await Program.SendRawAsync(message) ?? throw new IOException($"No answer to {request}.");
    }
}

/// <summary>It decides on the facts that it holds.</summary>
public sealed class FactsInHand() : ProgramUnderTest(reuse: true);

/// <summary>It asks the owners for each request.</summary>
public sealed class AskingEachTime() : ProgramUnderTest(reuse: false);

[CollectionDefinition(nameof(FactsInHand))]
public sealed class FactsInHandGroup : ICollectionFixture<FactsInHand>;

[CollectionDefinition(nameof(AskingEachTime))]
public sealed class AskingEachTimeGroup : ICollectionFixture<AskingEachTime>;
