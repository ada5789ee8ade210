namespace ControlPlane.Start;

public sealed class StartOptionsTests
{
    [Fact]
    public void It_listens_on_localhost_8080_and_keeps_everything_in_data_unless_told_otherwise()
    {
        var options = StartOptions.Parse([], urls: null);

        Assert.Equal([new Uri("http://localhost:8080")], options.Urls);
        Assert.Equal("data", options.Data);
    }

    [Theory]
    [InlineData("--urls", "http://127.0.0.1:9000")]
    [InlineData("--urls=http://127.0.0.1:9000")]
    public void The_option_goes_before_the_environment(params string[] arguments) =>
        Assert.Equal([new Uri("http://127.0.0.1:9000")], StartOptions.Parse(arguments, urls: "http://localhost:9999").Urls);

    [Fact]
    public void The_environment_moves_it_too() =>
        Assert.Equal([new Uri("http://localhost:9999")], StartOptions.Parse([], urls: "http://localhost:9999").Urls);

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://*:8080")]
    [InlineData("http://+:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://192.0.2.1:8080")]
    [InlineData("http://example.com")]
    [InlineData("http://localhost.example.com:8080")]
    [InlineData("http://localhost:8080;http://0.0.0.0:8081")]
    public void Tokens_travel_in_the_clear_only_when_that_was_said(string urls)
    {
        var refused = Assert.Throws<StartException>(() => StartOptions.Parse(["--urls", urls], urls: null));

        Assert.Contains("--insecure", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(StartOptions.Parse(["--urls", urls, "--insecure"], urls: null).Urls);
    }

    [Theory]
    [InlineData("http://localhost:1")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://127.9.9.9:1")]
    [InlineData("http://[::1]:1")]
    [InlineData("https://0.0.0.0:1")]
    public void Loopback_and_https_need_no_such_word(string url) =>
        Assert.Equal([new Uri(url)], StartOptions.Parse(["--urls", url], urls: null).Urls);
}
