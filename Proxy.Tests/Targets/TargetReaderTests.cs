using ControlPlane.Errors;
using ControlPlane.Gateways;

namespace ControlPlane.Targets;

public sealed class TargetReaderTests
{
    private static readonly TargetReader Reader = new(new GatewayOptions { CloneDomain = "clones.example" });

    [Theory]
    [InlineData("ses-1.clones.example", "/github/api", "/api")]
    [InlineData("SES-1.Clones.Example:8443", "/GitHub/api/x", "/api/x")]
    [InlineData("ses-1.clones.example", "/github/api/a%2Fb//c?d=/../e", "/api/a%2Fb//c?d=/../e")]
    [InlineData("ses-1.clones.example", "/github/api?", "/api?")]
    [InlineData("ses-1.clones.example", "/github/api/", "/api/")]
    [InlineData("ses-1.clones.example", "/github/mcp", "/mcp")]
    [InlineData("ses-1.clones.example", "/github/mcp/x", "/mcp/x")]
    [InlineData("ses-1.clones.example", "/github/api/...", "/api/...")]
    [InlineData("ses-1.clones.example", "/github/api/.a/a./..a", "/api/.a/a./..a")]
    [InlineData("ses-1.clones.example", "/github/api/%zz%2", "/api/%zz%2")]
    [InlineData("ses-1.clones.example", "/github/api?q=a\\b%5c", "/api?q=a\\b%5c")]
    [InlineData("localhost", "/runtime/ses-1/github/api/x?y", "/api/x?y")]
    [InlineData("LOCALHOST:5080", "/runtime/SES-1/GITHUB/mcp", "/mcp")]
    [InlineData("[::1]:5080", "/runtime/ses-1/github/api", "/api")]
    public void A_clone_is_read_and_what_follows_its_name_is_the_callers(string host, string raw, string forwarded)
    {
        var target = Reader.Read(raw, host);

        Assert.Null(target.Refusal);
        Assert.Equal(("ses-1", "github", forwarded), (target.SessionId, target.CloneName, raw[target.Start..]));
        Assert.Equal(host.Contains("clones", StringComparison.OrdinalIgnoreCase) ? CloneForm.Host : CloneForm.Path, target.Form);
    }

    [Fact]
    public void On_a_session_host_runtime_is_a_clone_of_that_name()
    {
        var target = Reader.Read("/runtime/api/ses-1/github/api", "ses-1.clones.example");

        Assert.Equal(("runtime", "/api/ses-1/github/api"), (target.CloneName, "/runtime/api/ses-1/github/api"[target.Start..]));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/sessions")]
    [InlineData("/health/live")]
    [InlineData("/runtimes/a/b/api")]
    [InlineData("/Runtime/a/b/api")]
    [InlineData("/%72untime/a/b/api")]
    public void On_a_public_host_everything_but_runtime_is_our_own(string raw)
    {
        var target = Reader.Read(raw, "127.0.0.1:80");

        Assert.Null(target.Refusal);
        Assert.False(target.IsClone);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("clones.example")]
    [InlineData(".clones.example")]
    [InlineData("a.b.clones.example")]
    [InlineData("ses-1.clones.example.")]
    [InlineData("ses%2d1.clones.example")]
    [InlineData("xclones.example")]
    [InlineData("localhost.")]
    [InlineData("localhost.clones.example.evil.example")]
    public void An_unknown_host_is_unknown_for_every_path(string? host)
    {
        Assert.Equal(ErrorCode.HostUnknown, Reader.Read("/health/live", host).Refusal?.Code);
        Assert.Equal(ErrorCode.HostUnknown, Reader.Read("http://localhost/", host).Refusal?.Code);
    }

    [Theory]
    [InlineData("/github/api/..")]
    [InlineData("/github/api/../../slack/api")]
    [InlineData("/github/api/./x")]
    [InlineData("/github/api/%2e%2E/x")]
    [InlineData("/github/api/.%2e")]
    [InlineData("/github/api/a%2f..%2Fb")]
    [InlineData("/github/api/a%2f%2e")]
    [InlineData("/github/api/a\\b")]
    [InlineData("/github/api/a%5Cb")]
    [InlineData("/github/api/..#")]
    [InlineData("/github/../github/api")]
    [InlineData("//github/api")]
    [InlineData("/github//api")]
    [InlineData("/github/apix")]
    [InlineData("/github/API")]
    [InlineData("/github/ap")]
    [InlineData("/github/%61pi")]
    [InlineData("/github")]
    [InlineData("/github/")]
    [InlineData("/github/health")]
    [InlineData("/git%68ub/api")]
    [InlineData("/git.hub/api")]
    [InlineData("/git~hub/api")]
    [InlineData("/")]
    [InlineData("*")]
    [InlineData("github/api")]
    [InlineData("http://ses-1.clones.example/github/api")]
    [InlineData("/github/api/a b")]
    [InlineData("/github/api/\u00e9")]
    [InlineData("/github/api/\r\nX: y")]
    [InlineData("/github/api/\u007f")]
    public void What_could_be_read_in_two_ways_is_refused(string raw)
    {
        Assert.Equal(ErrorCode.PathInvalid, Reader.Read(raw, "ses-1.clones.example").Refusal?.Code);
    }

    [Theory]
    [InlineData("/runtime")]
    [InlineData("/runtime/")]
    [InlineData("/runtime/ses-1")]
    [InlineData("/runtime/ses-1/github")]
    [InlineData("/runtime//github/api")]
    [InlineData("//runtime/ses-1/github/api")]
    [InlineData("/runtime/ses-1//api")]
    [InlineData("/runtime/ses%2d1/github/api")]
    [InlineData("/runtime/ses-1/github/api/..")]
    [InlineData("/runtime/../api/sessions")]
    [InlineData("/api/../runtime/ses-1/github/api")]
    [InlineData("/api/%2e%2e/runtime/ses-1/github/api")]
    [InlineData("/api\\sessions")]
    [InlineData("http://localhost/runtime/ses-1/github/api")]
    [InlineData("*")]
    public void So_it_is_on_a_public_host(string raw)
    {
        Assert.Equal(ErrorCode.PathInvalid, Reader.Read(raw, "localhost").Refusal?.Code);
    }

    [Fact]
    public void Ids_have_a_longest_length()
    {
        var longest = new string('a', TargetReader.MaxIdLength);

        Assert.Null(Reader.Read($"/runtime/{longest}/{longest}/api", "localhost").Refusal);
        Assert.Equal(ErrorCode.PathInvalid, Reader.Read($"/runtime/{longest}a/github/api", "localhost").Refusal?.Code);
    }

    [Fact]
    public void A_public_host_below_the_clone_domain_is_public()
    {
        var options = new GatewayOptions { CloneDomain = "clones.example" };
        options.PublicHosts.Add("api.clones.example");
        var reader = new TargetReader(options);

        Assert.False(reader.Read("/api/sessions", "api.clones.example").IsClone);
        Assert.Equal(ErrorCode.HostUnknown, reader.Read("/", "localhost").Refusal?.Code);
    }
}
