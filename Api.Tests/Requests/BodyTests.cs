using System.Text;
using ControlPlane.Hosting;

namespace ControlPlane.Requests;

/// <summary>Bodies as bytes: encodings, depths and sizes.</summary>
public sealed class BodyTests(HoldingHost host) : IClassFixture<HoldingHost>
{
    [Fact]
    public async Task Bytes_that_are_no_UTF8_and_depths_that_are_no_use_are_refused()
    {
        var caller = host.As(host.Key);
        byte[] bad = [.. """{"clones":["github"],"name":"a"""u8, 0xff, 0xfe, .. "\"}"u8];
        var deep = "{\"clones\":[\"github\"],\"routing\":{\"a\":" + new string('[', 5_000) + new string(']', 5_000) + "}}";

        (await caller.SendAsync("POST", "/api/sessions", new ByteArrayContent(bad))).MustRefuse(400, "request_invalid");
        (await caller.PostAsync("/api/sessions", deep)).MustRefuse(400, "request_invalid");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_one_mebibyte_is_refused(bool chunked)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"clones":["github"],"name":"{{new string('x', 1024 * 1024)}}"}""");
        using HttpContent content = chunked ? new StreamContent(new Unsized(json)) : new ByteArrayContent(json);

        (await host.As(host.Key).SendAsync("POST", "/api/sessions", content)).MustRefuse(413, "body_too_large");
    }

    [Fact]
    public async Task A_body_of_just_under_one_mebibyte_is_read()
    {
        var json = """{"clones":["github"],"preflightOnly":true}""" + new string(' ', (1024 * 1024) - 42);

        Assert.Equal(1024 * 1024, json.Length);
        (await host.As(host.Key).PostAsync("/api/sessions", json)).Must(200);
    }

    /// <summary>A stream that does not say how long it is, so that it is sent in chunks.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
