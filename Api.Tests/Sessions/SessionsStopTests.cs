using ControlPlane.Hosting;

namespace ControlPlane.Sessions;

/// <summary><c>DELETE /api/sessions?label=…</c>.</summary>
public sealed class SessionsStopTests(HoldingHost host) : IClassFixture<HoldingHost>
{
    [Fact]
    public async Task Those_with_the_label_are_stopped_and_no_others()
    {
        var red = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => host.SessionAsync("""{"clones":["github"],"labels":{"colour":"red"}}""")));
        var blue = await host.SessionAsync("""{"clones":["github"],"labels":{"colour":"blue"}}""");
        var none = await host.SessionAsync();
        var foreign = await host.SessionAsync("""{"clones":["github"],"labels":{"colour":"red"}}""", host.OtherKey);

        var answer = (await host.As(host.Key).DeleteAsync("/api/sessions?label=colour%3Dred")).Must(204);

        Assert.Matches("^acknowledged=[0-9]+, waited=0, ms=[0-9]+$", answer.Headers["x-archal-revocation"]);
        Assert.DoesNotContain(red, host.Worker.Placements.ContainsKey);
        Assert.All([blue, none, foreign], id => Assert.True(host.Worker.Placements.ContainsKey(id)));
        (await host.As(host.Key).DeleteAsync("/api/sessions?label=colour%3Dred")).Must(204);
        (await host.As(host.Key).DeleteAsync("/api/sessions?label=colour")).Must(204);
        Assert.False(host.Worker.Placements.ContainsKey(blue));
    }

    [Theory]
    [InlineData("", "label")]
    [InlineData("?label=", "label")]
    [InlineData("?label=a&label=b", "label")]
    [InlineData("?label=a&clone=github", "clone")]
    [InlineData("?status=all", "status")]
    public async Task What_is_to_be_stopped_must_be_said_and_nothing_else(string query, string place)
    {
        var answer = (await host.As(host.Key).DeleteAsync($"/api/sessions{query}")).MustRefuse(400, "request_invalid");

        Assert.StartsWith(place, answer.String("message"), StringComparison.Ordinal);
    }
}
