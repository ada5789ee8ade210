using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.Workspaces;

public abstract class NarrowedKeyTests(ManagementHost host)
{
    private const string Keys = "/api/workspaces/ws-main/api-keys";

    [Fact]
    public async Task A_key_for_one_session_says_so_and_lists_reads_and_stops_that_one_alone()
    {
        var label = Guid.NewGuid().ToString("N");
        var body = $$$"""{"clones":["github"],"labels":{"{{{label}}}":""}}""";
        var (mine, other) = (await host.SessionAsync(body), await host.SessionAsync(body));
        var made = (await host.As(host.Owner).PostAsync(
            Keys, $$"""{"label":"for one","scopes":["sessions:write!session={{mine.ToUpperInvariant()}}","workspaces:read"]}""")).Must(201);
        var words = (string[])[$"sessions:write!session={mine}", "workspaces:read"];
        var key = host.As(made.String("secret"));

        Assert.Equal(words, Words(made));
        Assert.Equal(words, Words((await key.GetAsync("/auth/me")).Must(200)));
        Assert.Contains($"\"sessions:write!session={mine}\"", (await host.As(host.Owner).GetAsync(Keys)).Must(200).Text, StringComparison.Ordinal);
        (await key.GetAsync("/api/workspaces/ws-main")).Must(200);
        Assert.Equal([mine], Listed((await key.GetAsync("/api/sessions?status=all")).Must(200)));
        Assert.Empty(Listed((await key.GetAsync("/api/sessions?status=all&label=another")).Must(200)));
        (await key.GetAsync($"/api/sessions/{mine}")).Must(200);
        (await key.GetAsync($"/api/sessions/{mine}/liveness")).Must(200);
        (await key.PostAsync($"/api/sessions/{mine}/renew")).Must(200);

        (await key.PostAsync("/api/sessions", body)).MustRefuse(403, "scope_missing");
        (await key.With("Idempotency-Key", label).PostAsync("/api/sessions", body)).MustRefuse(403, "scope_missing");
        (await key.GetAsync($"/api/sessions/{other}")).MustRefuse(403, "scope_missing");
        (await key.GetAsync($"/api/sessions/{other}/liveness")).MustRefuse(403, "scope_missing");
        (await key.PostAsync($"/api/sessions/{other}/renew")).MustRefuse(403, "scope_missing");
        (await key.DeleteAsync($"/api/sessions/{other}")).MustRefuse(403, "scope_missing");

        (await key.DeleteAsync($"/api/sessions?label={label}")).Must(204);
        Assert.Equal("ended", (await key.GetAsync($"/api/sessions/{mine}")).Must(200).String("status"));
        Assert.Equal("running", (await host.As(host.Key).GetAsync($"/api/sessions/{other}")).Must(200).String("status"));
    }

    [Theory]
    [InlineData("""["sessions:write!session={session}","sessions:read"]""", "scopes[1]")]
    [InlineData("""["sessions:write!session={session}","sessions:read!session=ses-other"]""", "scopes[1]")]
    [InlineData("""["workspaces:read!session={session}"]""", "scopes[0]")]
    [InlineData("""["sessions:write!session="]""", "scopes[0]")]
    [InlineData("""["sessions:write!session=a b"]""", "scopes[0]")]
    public async Task What_is_no_narrowed_scope_is_named(string scopes, string place)
    {
        var session = await host.SessionAsync();
        var answer = (await host.As(host.Owner).PostAsync(
            Keys, $$"""{"label":"x","scopes":{{scopes.Replace("{session}", session, StringComparison.Ordinal)}}}""")).MustRefuse(400, "request_invalid");

        Assert.StartsWith($"{place}: ", answer.String("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_narrowed_to_a_session_of_its_workspace()
    {
        var theirs = (await host.As(host.OtherKey).PostAsync("/api/sessions", """{"clones":["github"]}""")).Must(200).String("sessionId");

        (await MakeAsync(host.Owner, "sessions:write!session=ses-unknown")).MustRefuse(404, "session_not_found");
        (await MakeAsync(host.Owner, $"sessions:write!session={theirs}")).MustRefuse(403, "session_forbidden");
    }

    [Fact]
    public async Task Nobody_makes_a_key_with_more_than_he_has()
    {
        var reader = await host.CredentialAsync(CredentialKind.Personal, ManagementHost.Main, "ann", Scopes.SessionsRead);
        var session = await host.SessionAsync();

        (await MakeAsync(reader, "sessions:write")).MustRefuse(403, "scope_missing");
        (await MakeAsync(reader, $"sessions:write!session={session}")).MustRefuse(403, "scope_missing");
        (await host.As(reader).PostAsync(Keys, """{"label":"all by default"}""")).MustRefuse(403, "scope_missing");
        (await MakeAsync(reader, $"sessions:read!session={session}")).Must(201);

        var (id, token) = await host.KeyAsync();
        (await host.As(reader).PostAsync($"{Keys}/{id}/rotate")).MustRefuse(403, "scope_missing");
        (await host.As(token).GetAsync("/auth/me")).Must(200);
    }

    private Task<Answer> MakeAsync(string token, string scope) => host.As(token).PostAsync(Keys, $$"""{"label":"x","scopes":["{{scope}}"]}""");

    private static IEnumerable<string> Words(Answer answer) => answer["scopes"].EnumerateArray().Select(word => word.GetString()!);

    private static IEnumerable<string> Listed(Answer answer) =>
        answer["sessions"].EnumerateArray().Select(session => session.GetProperty("sessionId").GetString()!);
}

public sealed class NarrowedKeysOnHeldFacts(HoldingHost host) : NarrowedKeyTests(host), IClassFixture<HoldingHost>;

public sealed class NarrowedKeysAskingEachTime(AskingHost host) : NarrowedKeyTests(host), IClassFixture<AskingHost>;
