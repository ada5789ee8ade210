using ControlPlane.Wire;
using Microsoft.Extensions.Options;

namespace ControlPlane.Gateways;

public sealed class CloneUrlsTests
{
    [Theory]
    [InlineData(null, "http://localhost:5080", "http://localhost:5080/runtime/ses-1/github", "http://ses-1.clones.localhost:5080/github")]
    [InlineData(null, "http://[::]:5080", "http://localhost:5080/runtime/ses-1/github", "http://ses-1.clones.localhost:5080/github")]
    [InlineData(null, "http://*:80", "http://localhost/runtime/ses-1/github", "http://ses-1.clones.localhost/github")]
    [InlineData(null, "https://+:443", "https://localhost/runtime/ses-1/github", "https://ses-1.clones.localhost/github")]
    [InlineData(null, "http://127.0.0.1:5080", "http://127.0.0.1:5080/runtime/ses-1/github", "http://ses-1.clones.localhost:5080/github")]
    [InlineData(null, "http://10.0.0.1:5080", "http://localhost:5080/runtime/ses-1/github", "http://ses-1.clones.localhost:5080/github")]
    [InlineData("https://x/", "http://[::]:5080", "https://x/runtime/ses-1/github", "https://ses-1.clones.localhost/github")]
    [InlineData("https://x:8443", "", "https://x:8443/runtime/ses-1/github", "https://ses-1.clones.localhost:8443/github")]
    public void Both_forms_are_built_from_configuration(string? publicUrl, string listening, string path, string host)
    {
        var urls = new CloneUrls(new GatewayOptions { PublicUrl = publicUrl is null ? null : new Uri(publicUrl) }, () => [listening]);

        Assert.Equal(path, urls.Base(CloneForm.Path, "ses-1", "github"));
        Assert.Equal(host, urls.Base(CloneForm.Host, "ses-1", "github"));
    }

    [Theory]
    [InlineData("clones.localhost", null, CloneForm.Path)]
    [InlineData("clones.example.com", null, CloneForm.Host)]
    [InlineData("clones.localhost", CloneForm.Host, CloneForm.Host)]
    [InlineData("clones.example.com", CloneForm.Path, CloneForm.Path)]
    public void The_advertised_form_follows_from_the_domain_unless_it_is_set(string domain, CloneForm? set, CloneForm advertised)
    {
        var options = new GatewayOptions { CloneDomain = domain, AdvertiseForm = set, PublicUrl = new Uri("https://x") };
        var urls = new CloneUrls(options, () => []);

        Assert.Equal(urls.Base(advertised, "s", "c") + "/api", urls.Api("s", "c"));
        Assert.Equal(urls.Base(advertised, "s", "c") + "/mcp", urls.Mcp("s", "c"));
    }

    [Theory]
    [InlineData("PublicUrl", "https://x/path")]
    [InlineData("PublicUrl", "ftp://x")]
    [InlineData("PublicHosts", "x:80")]
    [InlineData("PublicHosts", "x.")]
    [InlineData("AllowedOrigins", "*")]
    [InlineData("AllowedOrigins", "https://x/")]
    public void What_cannot_be_meant_is_named(string option, string value)
    {
        var options = new GatewayOptions { PublicUrl = option == "PublicUrl" ? new Uri(value) : null };
        (option == "PublicHosts" ? options.PublicHosts : options.AllowedOrigins).Add(option == "PublicUrl" ? "https://x" : value);

        Assert.Contains(option, options.Fault(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AnswerTimeout", "00:00:00")]
    [InlineData("BodyIdleTimeout", "02:00:00")]
    [InlineData("MaxBodyBytes", "0")]
    [InlineData("CloneDomain", "clones.localhost:80")]
    [InlineData("PublicUrl", "https://x/path")]
    public async Task A_gateway_does_not_start_with_it(string option, string value)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => GatewayUnderTest.StartAsync(settings: (option, value)));

        Assert.Contains(option, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_are_well()
    {
        Assert.Null(new GatewayOptions().Fault());
    }
}
