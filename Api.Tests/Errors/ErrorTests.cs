using ControlPlane.Hosting;

namespace ControlPlane.Errors;

/// <summary>Whatever goes wrong, the answer has one form.</summary>
public sealed class ErrorTests(HoldingHost host) : IClassFixture<HoldingHost>
{
    [Theory]
    [InlineData("GET", "/nothing/here")]
    [InlineData("GET", "/")]
    [InlineData("POST", "/api/sessionss")]
    [InlineData("GET", "/openapi/v2.json")]
    [InlineData("GET", "/api/sessions/a/b/c")]
    public async Task What_is_not_there_is_404(string method, string target)
    {
        (await host.As(null).SendAsync(method, target)).MustRefuse(404, "not_found");
        (await host.As(host.Key).SendAsync(method, target)).MustRefuse(404, "not_found");
    }

    [Theory]
    [InlineData("PUT", "/api/sessions", "DELETE, GET, POST")]
    [InlineData("PATCH", "/api/sessions/ses-x", "DELETE, GET")]
    [InlineData("POST", "/auth/me", "GET")]
    [InlineData("OPTIONS", "/api/clones", "GET")]
    public async Task Another_method_is_405_and_says_which_there_are(string method, string target, string allow)
    {
        var answer = (await host.As(host.Key).SendAsync(method, target)).MustRefuse(405, "method_not_allowed");

        Assert.Equal(allow, string.Join(", ", answer.Headers["Allow"].Split(',', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task What_nobody_expected_is_500_without_a_word_of_it_and_is_in_the_log_with_the_requests_id()
    {
        var answer = (await host.As(null).GetAsync("/throws")).MustRefuse(500, "internal");

        Assert.DoesNotContain("inner workings", answer.Text, StringComparison.Ordinal);
        var id = answer.Headers["x-archal-request-id"];
        Assert.Contains(host.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal)
            && line.Contains("inner workings", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_answer_has_an_id_of_its_own_that_is_in_the_scope_of_its_log_lines()
    {
        var good = (await host.As(host.Key).GetAsync("/auth/me")).Must(200).Headers["x-archal-request-id"];
        var other = (await host.As(host.Key).GetAsync("/auth/me")).Must(200).Headers["x-archal-request-id"];
        var refused = (await host.As(null).With("x-archal-request-id", "mine").GetAsync("/auth/me")).Must(401).Headers["x-archal-request-id"];

        Assert.Equal(3, new[] { good, other, refused }.Distinct().Count());
        Assert.NotEqual("mine", refused);
        Assert.Contains(host.Log.Lines, line => line.Contains("credential_missing", StringComparison.Ordinal)
            && line.Contains($"RequestId:{refused}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("text/html", "Mozilla/5.0")]
    [InlineData("application/problem+json", "curl/8")]
    [InlineData("*/*", "")]
    public async Task The_form_does_not_depend_on_who_asks(string accept, string agent) => Assert.Equal(
        "application/json", (await host.As(null).With("Accept", accept).With("User-Agent", agent).GetAsync("/nowhere"))
            .MustRefuse(404, "not_found").Headers["Content-Type"].Split(';')[0]);

    [Fact]
    public async Task HEAD_is_405_without_a_body()
    {
        var answer = (await host.As(host.Key).SendAsync("HEAD", "/auth/me")).Must(405);

        Assert.Equal("", answer.Text);
        Assert.Equal("method_not_allowed", answer.Headers["x-route-error"]);
    }
}
