using System.Text;
using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.Sessions;

/// <summary>Whom a state of 32 MiB is read from, and what is read of it.</summary>
public sealed class LargeStateTests(HoldingHost host) : IClassFixture<HoldingHost>
{
    private const int Largest = 32 * 1024 * 1024;

    [Fact]
    public async Task Who_may_not_set_a_state_is_refused_before_its_body_is_read()
    {
        var (running, ended) = (await host.SessionAsync(), await host.SessionAsync());
        (await host.As(host.Key).DeleteAsync($"/api/sessions/{ended}")).Must(204);
        var reader = await host.CredentialAsync(CredentialKind.WorkspaceKey, ManagementHost.Main, null, Scopes.SessionsRead);

        await RefusedAsync(host.OtherKey, running, "github", "403 Forbidden", "session_forbidden");
        await RefusedAsync(reader, running, "github", "403 Forbidden", "scope_missing");
        await RefusedAsync(host.Key, "ses-unknown", "github", "404 Not Found", "session_not_found");
        await RefusedAsync(host.Key, running, "slack", "404 Not Found", "clone_not_in_session");
        await RefusedAsync(host.Key, ended, "github", "409 Conflict", "session_not_running");
    }

    [Theory]
    [InlineData("""{"state":{"a":1}}""", """{"a":1}""")]
    [InlineData("""{ "seed" : null , "state" : [ 1.50 , "ä" ] } """, """[ 1.50 , "ä" ]""")]
    [InlineData("""{"st\u0061te":"a\"}"}""", "\"a\\\"}\"")]
    [InlineData("""{"state":0}""", "0")]
    public async Task A_state_is_cut_out_as_it_came(string body, string state)
    {
        var clone = $"/api/sessions/{await host.SessionAsync()}/clones/github";

        (await host.As(host.Key).PostAsync(clone + "/seed", body)).Must(200);

        Assert.Equal(state, (await host.As(host.Key).GetAsync(clone + "/state")).Must(200).Text);
    }

    [Theory]
    [InlineData("", "body")]
    [InlineData("[]", "body")]
    [InlineData("null", "body")]
    [InlineData("""{"state":{}""", "body")]
    [InlineData("""{"state":{}}x""", "body")]
    [InlineData("""{"state":{"a":1,}}""", "body")]
    [InlineData("""{"state":{}} {}""", "body")]
    [InlineData("""{"state":null}""", "body")]
    [InlineData("""{"state":{},"state":{}}""", "state")]
    [InlineData("""{"seed":"a","seed":"a"}""", "seed")]
    [InlineData("""{"State":{}}""", "State")]
    [InlineData("""{"seed":5}""", "seed")]
    [InlineData("""{"seed":"\ud800"}""", "seed")]
    [InlineData("""{"seed":{}}""", "seed")]
    public async Task What_is_no_order_is_refused_by_its_place(string body, string place)
    {
        var answer = (await SeedAsync(body)).MustRefuse(400, "request_invalid");

        Assert.StartsWith(place + ": ", answer.String("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(31, 200)]
    [InlineData(32, 400)]
    public async Task A_state_may_be_nested_so_deeply_and_no_deeper(int depth, int status) =>
        (await SeedAsync("{\"state\":" + new string('[', depth) + new string(']', depth) + "}")).Must(status);

    [Theory]
    [InlineData(200_000, 200)]
    [InlineData(Largest, 413)]
    public async Task A_body_that_does_not_say_its_length_is_read_to_the_same_end(int bytes, int status)
    {
        var id = await host.SessionAsync();
        using var content = new StreamContent(new Unsized(Encoding.UTF8.GetBytes($$$"""{"state":{"a":"{{{new string('x', bytes)}}}"}}""")));

        (await host.As(host.Key).SendAsync("POST", $"/api/sessions/{id}/clones/github/seed", content)).Must(status);
    }

    private async Task<Answer> SeedAsync(string body) =>
        await host.As(host.Key).PostAsync($"/api/sessions/{await host.SessionAsync()}/clones/github/seed", body);

    private async Task RefusedAsync(string token, string session, string clone, string status, string code)
    {
        using var upload = await StateUpload.BeginAsync(host, token, session, clone, Largest);
        var head = await upload.HeadAsync();
        Assert.Equal($"HTTP/1.1 {status}", head[0]);
        Assert.Contains($"x-route-error: {code}", head);
    }

    /// <summary>A stream that does not say how long it is, so that it is sent in chunks.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
