using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;
using ControlPlane.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Credentials;

public sealed class CallerCredentialTests
{
    private static readonly string Token = Credentials.Token.Create(CredentialKind.WorkspaceKey, Credentials.Token.NewId());
    private static readonly string Offered = "archal.bearer." + Base64Url.EncodeToString(Encoding.ASCII.GetBytes(Token));

    [Theory]
    [InlineData("x-route-authorization: Bearer T; authorization: Bearer service", "Bearer service")]
    [InlineData("x-route-authorization: Bearer T; authorization: Basic abc", "Basic abc")]
    [InlineData("x-route-authorization: Bearer T", null)]
    [InlineData("x-route-authorization: Bearer T; x-archal-upstream-authorization: Bearer dropped", null)]
    [InlineData("x-route-authorization: Bearer T; authorization: ", "")]
    [InlineData("X_Route_Authorization: token T; authorization: token service", "token service")]
    [InlineData("authorization: Bearer T", "Bearer T")]
    [InlineData("authorization: Bearer T; x-archal-upstream-authorization: Bearer service", "Bearer service")]
    [InlineData("authorization: Bearer T; x_archal-upstream_authorization: Bearer service", "Bearer service")]
    [InlineData("authorization: Bearer T; x-archal-upstream-authorization: ", null)]
    [InlineData("authorization: bEARER   T; x-archal-upstream-authorization: anything, at all", "anything, at all")]
    [InlineData("authorization: TOKEN T", "TOKEN T")]
    public void The_first_dialect_that_applies_decides(string sent, string? cloneSees)
    {
        var credential = CallerCredential.Read(Headers(sent), isWebSocket: false, passOuter: true);

        Assert.Null(credential.Refusal);
        Assert.Equal(Token, credential.Token);
        Assert.Equal(Expand(cloneSees), credential.ForClone.Count == 0 ? null : credential.ForClone.ToString());
    }

    [Theory]
    [InlineData("", "credential_missing")]
    [InlineData("x-archal-upstream-authorization: Bearer T", "credential_missing")]
    [InlineData("cookie: token=T", "credential_missing")]
    [InlineData("authorization: ", "credential_malformed")]
    [InlineData("authorization: T", "credential_malformed")]
    [InlineData("authorization: Bearer", "credential_malformed")]
    [InlineData("authorization: Bearer T, Bearer T", "credential_malformed")]
    [InlineData("authorization: Bearer T T", "credential_malformed")]
    [InlineData("authorization: Bearer T; authorization: Bearer T", "credential_malformed")]
    [InlineData("authorization: Basic T", "credential_malformed")]
    [InlineData("authorization: Bearer\tT", "credential_malformed")]
    [InlineData("x-route-authorization: ; authorization: Bearer T", "credential_malformed")]
    [InlineData("x-route-authorization: Basic T; authorization: Bearer T", "credential_malformed")]
    [InlineData("x-route-authorization: Bearer T; x-route-authorization: Bearer T", "credential_malformed")]
    [InlineData("x-route-authorization: Bearer T; x_route-authorization: Bearer T", "credential_malformed")]
    [InlineData("x-route-authorization: Bearer T,Bearer T; authorization: Bearer T", "credential_malformed")]
    [InlineData("authorization: Bearer T; x-archal-upstream-authorization: a; x-archal-upstream-authorization: b", "request_invalid")]
    public void There_is_no_falling_back(string sent, string code)
    {
        Assert.Equal(code, CallerCredential.Read(Headers(sent), isWebSocket: true, passOuter: true).Refusal?.Code.Word());
    }

    [Fact]
    public void The_outer_credential_can_be_kept_from_clones()
    {
        var credential = CallerCredential.Read(Headers("authorization: Bearer T"), isWebSocket: false, passOuter: false);

        Assert.Equal((Token, 0), (credential.Token, credential.ForClone.Count));
        var both = Headers("authorization: Bearer T; x-archal-upstream-authorization: x");
        Assert.Equal("x", CallerCredential.Read(both, isWebSocket: false, passOuter: false).ForClone);
    }

    [Fact]
    public void A_websocket_may_offer_its_credential_as_a_subprotocol()
    {
        var headers = Offering($"{Offered}, mcp");

        Assert.Equal(Token, CallerCredential.Read(headers, isWebSocket: true, passOuter: true).Token);
        Assert.Equal(ErrorCode.CredentialMissing, CallerCredential.Read(headers, isWebSocket: false, passOuter: true).Refusal?.Code);
        Assert.Equal("mcp", Subprotocols.Read(headers["Sec-WebSocket-Protocol"]).Others);
    }

    [Fact]
    public void It_stands_neither_alone_nor_twice_nor_misspelled()
    {
        StringValues twice = new([Offered, "mcp", Offered]);
        foreach (var offer in (StringValues[])[Offered, twice, "archal.bearer.*, mcp", "archal.bearer., mcp", "archal.bearer.A, mcp"])
        {
            Assert.Equal(
                ErrorCode.CredentialMalformed,
                CallerCredential.Read(Offering(offer), isWebSocket: true, passOuter: true).Refusal?.Code);
        }
    }

    [Fact]
    public void The_route_header_goes_before_the_subprotocol()
    {
        var headers = Headers("x-route-authorization: Bearer T");
        headers["Sec-WebSocket-Protocol"] = "archal.bearer.AAAA, mcp";

        Assert.Equal(Token, CallerCredential.Read(headers, isWebSocket: true, passOuter: true).Token);
    }

    private static HeaderDictionary Offering(StringValues offer)
    {
        var headers = Headers("");
        headers["Sec-WebSocket-Protocol"] = offer;
        return headers;
    }

    private static string? Expand(string? text) => text is null ? null : Regex.Replace(text, @"\bT\b", Token);

    // "name: value; name: value", where T is a token of ours and a repeated name is a repeated line.
    private static HeaderDictionary Headers(string sent)
    {
        var headers = new HeaderDictionary();
        foreach (var line in sent.Split("; ", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = (line[..colon], line[(colon + 2)..]);
            headers[name] = StringValues.Concat(headers[name], Expand(value));
        }

        return headers;
    }
}
