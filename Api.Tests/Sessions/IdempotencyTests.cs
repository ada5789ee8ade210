using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.Sessions;

/// <summary>One session for each Idempotency-Key.</summary>
public sealed class IdempotencyTests(HoldingHost host) : IClassFixture<HoldingHost>
{
    private const string Body = """{"clones":["github"],"labels":{"b":"2","a":"1"},"source":{"x":{"p":1,"q":[1,2]}}}""";

    [Fact]
    public async Task The_same_call_gets_the_same_bytes_and_makes_no_other_session()
    {
        var (key, label) = (NewKey(), NewKey());
        var first = (await CreateAsync(key, Labelled(label))).Must(200);
        await host.As(host.Key).DeleteAsync($"/api/sessions/{first.String("sessionId")}");
        var second = (await CreateAsync(key, Labelled(label))).Must(200);

        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.Headers["Content-Type"], second.Headers["Content-Type"]);
        Assert.DoesNotContain("x-archal-replayed", first.Headers);
        Assert.Equal("true", second.Headers["x-archal-replayed"]);
        Assert.Equal([first.String("sessionId")], await SessionsAsync(label));
    }

    [Fact]
    public async Task The_answer_is_the_one_that_a_call_without_a_key_gets()
    {
        var (plain, keyed) = ((await CreateAsync(null, Body)).Must(200), (await CreateAsync(NewKey(), Body)).Must(200));

        Assert.Equal(plain.Headers["Content-Type"], keyed.Headers["Content-Type"]);
        Assert.Equal(plain.Json.EnumerateObject().Select(field => field.Name), keyed.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(keyed.Text, (await host.As(host.Key).GetAsync($"/api/sessions/{keyed.String("sessionId")}")).Text);
    }

    [Fact]
    public async Task The_same_request_written_in_another_way_is_the_same_request()
    {
        var key = NewKey();
        var first = (await CreateAsync(key, Body)).Must(200);

        Assert.Equal(first.Text, (await CreateAsync(key, """
            { "source": {"x":{"q":[1, 2],"p":1}}, "name": null, "labels": {"a":"\u0031","b":"2"}, "clones": ["github"] }
            """)).Must(200).Text);
    }

    [Theory]
    [InlineData("""{"clones":["github"]}""")]
    [InlineData("""{"clones":["github"],"labels":{"b":"2","a":"1"},"source":{"x":{"p":1,"q":[2,1]}}}""")]
    [InlineData("""{"clones":["github"],"labels":{"b":"2","a":"1"},"source":{"x":{"p":1.0,"q":[1,2]}}}""")]
    [InlineData("""{"clones":["nothing"]}""")]
    public async Task Another_body_is_refused(string other)
    {
        var key = NewKey();
        var first = (await CreateAsync(key, Body)).Must(200);

        (await CreateAsync(key, other)).MustRefuse(422, "idempotency_key_reused");
        Assert.Equal(first.Text, (await CreateAsync(key, Body)).Must(200).Text);
    }

    [Fact]
    public async Task Another_caller_of_the_workspace_is_refused_and_another_workspace_has_keys_of_its_own()
    {
        var key = NewKey();
        var first = (await CreateAsync(key, Body)).Must(200);

        (await CreateAsync(key, Body, host.Owner)).MustRefuse(422, "idempotency_key_reused");
        Assert.NotEqual(first.String("sessionId"), (await CreateAsync(key, Body, host.OtherKey)).Must(200).String("sessionId"));
    }

    [Fact]
    public async Task What_is_refused_leaves_the_key_as_it_was()
    {
        var (key, label) = (NewKey(), NewKey());
        (await CreateAsync(key, """{"clones":["nothing"]}""")).MustRefuse(400, "request_invalid");
        (await CreateAsync(key, """{"clones":["github"],"routing":{"a":"\ud800"}}""")).MustRefuse(400, "request_invalid");
        (await CreateAsync(key, Labelled(label), await host.CredentialAsync(CredentialKind.WorkspaceKey, ManagementHost.Main, null, Scopes.SessionsRead)))
            .MustRefuse(403, "scope_missing");
        Assert.Equal("", (await CreateAsync(key, """{"clones":["github"],"preflightOnly":true}""")).Must(200).String("sessionId"));

        var made = (await CreateAsync(key, Labelled(label))).Must(200);
        Assert.Equal([made.String("sessionId")], await SessionsAsync(label));
    }

    [Fact]
    public async Task Calls_at_once_get_one_answer()
    {
        var (key, label) = (NewKey(), NewKey());
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => CreateAsync(key, Labelled(label))));

        Assert.Single(answers.Select(answer => answer.Must(200).Text).Distinct());
        Assert.Single(await SessionsAsync(label));
    }

    [Theory, InlineData(0), InlineData(201)]
    public async Task A_key_is_1_to_200_characters(int length) =>
        (await CreateAsync(new string('k', length), Body)).MustRefuse(400, "request_invalid");

    [Fact]
    public async Task The_longest_key_and_a_key_with_any_printable_characters_are_keys()
    {
        foreach (var key in (string[])[new string('k', 200), $"../a b/'\"{{}}%00;{NewKey()}"])
        {
            Assert.Equal((await CreateAsync(key, Body)).Must(200).Text, (await CreateAsync(key, Body)).Must(200).Text);
        }
    }

    private Task<Answer> CreateAsync(string? key, string body, string? token = null)
    {
        var caller = host.As(token ?? host.Key);
        return (key is null ? caller : caller.With("Idempotency-Key", key)).PostAsync("/api/sessions", body);
    }

    private async Task<IEnumerable<string>> SessionsAsync(string label) =>
        (await host.As(host.Key).GetAsync($"/api/sessions?status=all&label={label}")).Must(200)["sessions"].EnumerateArray()
            .Select(session => session.GetProperty("sessionId").GetString()!);

    private static string Labelled(string label) => $$$"""{"clones":["github"],"labels":{"{{{label}}}":""}}""";

    private static string NewKey() => Guid.NewGuid().ToString("N");
}
