using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.Auth;

/// <summary><c>POST /auth/revoke</c>, as RFC 7009 has it and as JSON.</summary>
public abstract class TokenEndingTests(ManagementHost host)
{
    private const string Revoke = "/auth/revoke";

    [Theory, InlineData(true), InlineData(false)]
    public async Task Whoever_holds_a_token_ends_it_with_nothing_else_in_hand(bool asForm)
    {
        foreach (var kind in Enum.GetValues<CredentialKind>())
        {
            var token = await host.CredentialAsync(kind, ManagementHost.Main, kind == CredentialKind.WorkspaceKey ? null : "ann");
            (await host.As(token).GetAsync("/auth/me")).Must(200);

            var (first, second) = ((await EndAsync(token, asForm)).Must(200), (await EndAsync(token, asForm)).Must(200));

            Assert.Matches("^acknowledged=1, waited=0, ms=[0-9]+$", first.Headers["x-archal-revocation"]);
            Assert.Equal(first.Headers["x-archal-revocation"], second.Headers["x-archal-revocation"]);
            Assert.Equal(("", "no-store"), (first.Text, first.Headers["Cache-Control"]));
            (await host.As(token).GetAsync("/auth/me")).MustRefuse(401, "credential_invalid");
        }

        (await host.As(host.Owner).GetAsync("/auth/me")).Must(200);
    }

    [Fact]
    public async Task What_is_no_token_is_200_and_nothing_is_said_to_have_ended()
    {
        var (_, token) = await host.KeyAsync();
        foreach (var other in (string[])[Token.Create(CredentialKind.WorkspaceKey, Token.NewId()), Token.Create(CredentialKind.WorkspaceKey, token.Split('_')[2]), "nonsense"])
        {
            foreach (var asForm in (bool[])[true, false])
            {
                Assert.DoesNotContain("x-archal-revocation", (await EndAsync(other, asForm)).Must(200).Headers);
            }
        }

        (await host.As(token).GetAsync("/auth/me")).Must(200);
    }

    [Theory]
    [InlineData("application/json", "")]
    [InlineData("application/json", "{}")]
    [InlineData("application/json", """{"token":""}""")]
    [InlineData("application/json", """{"token":1}""")]
    [InlineData("application/json", """{"token":"a","scope":"b"}""")]
    [InlineData("application/x-www-form-urlencoded", "")]
    [InlineData("application/x-www-form-urlencoded", "token=")]
    [InlineData("application/x-www-form-urlencoded", "token=a&token=b")]
    [InlineData("application/x-www-form-urlencoded", "a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1&l=1&m=1&n=1&o=1&p=1&token=a")]
    [InlineData("text/plain", "token=a")]
    public async Task A_body_without_one_token_is_refused(string type, string body) =>
        (await host.As(null).SendAsync("POST", Revoke, new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue(type))))
            .MustRefuse(400, "request_invalid");

    [Fact]
    public async Task A_credential_on_the_request_is_not_what_ends()
    {
        var ((_, kept), (_, ended)) = (await host.KeyAsync(), await host.KeyAsync());
        (await host.As(kept).PostAsync(Revoke, $$"""{"token":"{{ended}}","token_type_hint":"access_token"}""")).Must(200);

        (await host.As(kept).GetAsync("/auth/me")).Must(200);
        (await host.As(ended).GetAsync("/auth/me")).MustRefuse(401, "credential_invalid");
    }

    private async Task<Answer> EndAsync(string token, bool asForm)
    {
        using var form = new FormUrlEncodedContent([new("token", token), new("token_type_hint", "access_token")]);
        return asForm ? await host.As(null).SendAsync("POST", Revoke, form) : await host.As(null).PostAsync(Revoke, $$"""{"token":"{{token}}"}""");
    }
}

public sealed class TokenEndingOnHeldFacts(HoldingHost host) : TokenEndingTests(host), IClassFixture<HoldingHost>;

public sealed class TokenEndingAskingEachTime(AskingHost host) : TokenEndingTests(host), IClassFixture<AskingHost>;
