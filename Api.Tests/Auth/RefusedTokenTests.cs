using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.Auth;

/// <summary>The guard rail on refused tokens.</summary>
public sealed class RefusedTokenTests(RefusedTokenTests.StrictHost host) : IClassFixture<RefusedTokenTests.StrictHost>
{
    [Fact]
    public async Task An_address_with_too_many_refused_tokens_is_told_to_wait_while_good_ones_pass()
    {
        (await host.As(host.Key).GetAsync("/auth/me")).Must(200);
        for (var at = 0; at < 5; at++)
        {
            (await host.As(Token.Create(CredentialKind.WorkspaceKey, Token.NewId())).GetAsync("/auth/me")).Must(401);
        }

        var answer = (await host.As(Token.Create(CredentialKind.WorkspaceKey, Token.NewId())).GetAsync("/auth/me")).MustRefuse(429, "too_many_requests");

        Assert.InRange(int.Parse(answer.Headers["Retry-After"], null), 1, 60);
        (await host.As(host.Key).GetAsync("/auth/me")).Must(200);
    }

    public sealed class StrictHost : HoldingHost
    {
        protected override int RefusedPerMinute => 5;
    }
}
