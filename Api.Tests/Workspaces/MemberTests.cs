using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.Workspaces;

public abstract class MemberTests(ManagementHost host)
{
    private const string Members = "/api/workspaces/ws-main/members";

    [Fact]
    public async Task Removed_is_gone_everywhere_when_it_is_answered_and_once_more_is_answered_the_same()
    {
        var (user, token) = await UserAsync();
        (await host.As(token).GetAsync("/api/sessions")).Must(200);

        var first = (await host.As(host.Admin).DeleteAsync($"{Members}/{user}")).Must(204);

        Assert.Matches("^acknowledged=1, waited=0, ms=[0-9]+$", first.Headers["x-archal-revocation"]);
        (await host.As(token).GetAsync("/api/sessions")).MustRefuse(403, "role_missing");
        var second = (await host.As(host.Owner).DeleteAsync($"{Members}/{user}")).Must(204);
        Assert.Equal(first.Headers["x-archal-revocation"], second.Headers["x-archal-revocation"]);
        (await host.As(host.Owner).SendAsync("PATCH", $"{Members}/{user}", """{"role":"admin"}""")).MustRefuse(404, "not_found");
    }

    [Fact]
    public async Task A_role_is_raised_and_lowered_for_the_next_call()
    {
        var (user, token) = await UserAsync();
        (await host.As(token).GetAsync("/api/workspaces/ws-main/api-keys")).MustRefuse(403, "role_missing");

        var raised = (await host.As(host.Owner).SendAsync("PATCH", $"{Members}/{user}", """{"role":"admin"}""")).Must(200);

        Assert.Equal((user, "admin"), (raised.String("id"), raised.String("role")));
        (await host.As(token).GetAsync("/api/workspaces/ws-main/api-keys")).Must(200);
        Assert.Equal("admin", (await host.As(token).GetAsync("/auth/me")).Must(200).String("role"));

        var lowered = (await host.As(host.Owner).SendAsync("PATCH", $"{Members}/{user}", """{"role":"member"}""")).Must(200);

        Assert.StartsWith("acknowledged=1, ", lowered.Headers["x-archal-revocation"], StringComparison.Ordinal);
        (await host.As(token).GetAsync("/api/workspaces/ws-main/api-keys")).MustRefuse(403, "role_missing");
        Assert.Equal("member", (await host.As(token).GetAsync("/auth/me")).Must(200).String("role"));
    }

    [Fact]
    public async Task An_administrator_who_is_made_an_owner_acts_as_one_at_once()
    {
        var (user, token) = await UserAsync(Role.Admin);
        (await host.As(token).SendAsync("PATCH", $"{Members}/{user}", """{"role":"admin"}""")).Must(200);
        (await host.As(token).GetAsync("/api/admin/status")).MustRefuse(403, "role_missing");

        (await host.As(host.Owner).SendAsync("PATCH", $"{Members}/{user}", """{"role":"owner"}""")).Must(200);

        var (other, _) = await UserAsync();
        (await host.As(token).SendAsync("PATCH", $"{Members}/{other}", """{"role":"owner"}""")).Must(200);
        (await host.As(token).GetAsync("/api/admin/status")).Must(200);

        // The workspace is every test's, and its owner is to be the last one in another.
        foreach (var owner in (string[])[other, user])
        {
            (await host.As(host.Owner).DeleteAsync($"{Members}/{owner}")).Must(204);
        }
    }

    [Fact]
    public async Task Only_administrators_change_members_and_nobody_whoever_is_above_himself()
    {
        var (user, _) = await UserAsync();
        foreach (var caller in (string[])[host.Member, host.Key])
        {
            (await host.As(caller).DeleteAsync($"{Members}/{user}")).MustRefuse(403, "role_missing");
            (await host.As(caller).SendAsync("PATCH", $"{Members}/{user}", """{"role":"member"}""")).MustRefuse(403, "role_missing");
        }

        (await host.As(host.OtherOwner).DeleteAsync($"{Members}/{user}")).MustRefuse(403, "role_missing");
        (await host.As(host.OtherKey).DeleteAsync($"{Members}/{user}")).MustRefuse(403, "workspace_key_scope_mismatch");
        (await host.As(host.Admin).DeleteAsync($"{Members}/ann")).MustRefuse(403, "role_missing");
        (await host.As(host.Admin).SendAsync("PATCH", $"{Members}/{user}", """{"role":"owner"}""")).MustRefuse(403, "role_missing");
        (await host.As(null).DeleteAsync($"{Members}/{user}")).MustRefuse(401, "credential_missing");
    }

    [Fact]
    public async Task The_last_owner_is_409()
    {
        (await host.As(host.Owner).DeleteAsync($"{Members}/ann")).MustRefuse(409, "last_owner");
        (await host.As(host.Owner).SendAsync("PATCH", $"{Members}/ann", """{"role":"member"}""")).MustRefuse(409, "last_owner");
    }

    [Fact]
    public async Task Whoever_removes_himself_is_told_that_it_is_done()
    {
        var (user, token) = await UserAsync(Role.Admin);

        (await host.As(token).SendAsync("PATCH", $"{Members}/{user}", """{"role":"admin"}""")).Must(200);
        (await host.As(token).DeleteAsync($"{Members}/{user}")).Must(204);

        (await host.As(token).GetAsync("/auth/me")).MustRefuse(403, "role_missing");
    }

    [Theory, InlineData("nobody"), InlineData("x%2fy"), InlineData("000000000000000000000000000000000000000000000000000000000000000000")]
    public async Task An_unknown_member_is_404(string user)
    {
        (await host.As(host.Owner).DeleteAsync($"{Members}/{user}")).MustRefuse(404, "not_found");
        (await host.As(host.Owner).SendAsync("PATCH", $"{Members}/{user}", """{"role":"member"}""")).MustRefuse(404, "not_found");
    }

    [Theory]
    [InlineData("""{}""", "role")]
    [InlineData("""{"role":"Owner"}""", "role")]
    [InlineData("""{"role":null}""", "role")]
    [InlineData("""{"role":1}""", "role")]
    [InlineData("""{"role":"member","email":"x"}""", "email")]
    [InlineData("", "body")]
    public async Task A_field_that_is_wrong_is_named(string json, string place)
    {
        var answer = (await host.As(host.Owner).SendAsync("PATCH", $"{Members}/cid", json)).MustRefuse(400, "request_invalid");

        Assert.Contains(place, answer.String("message"), StringComparison.Ordinal);
    }

    private async Task<(string User, string Token)> UserAsync(Role role = Role.Member)
    {
        var user = $"usr-{Token.NewId()}";
        var owner = new Authorization.Caller("own", CredentialKind.Personal, ManagementHost.Main, "ann", Role.Owner, ScopeRules.All);
        await host.Entities.Workspace(ManagementHost.Main).SetMemberAsync(owner, user, role, addAfter: 0);
        return (user, await host.CredentialAsync(CredentialKind.Personal, ManagementHost.Main, user));
    }
}

public sealed class MembersOnHeldFacts(HoldingHost host) : MemberTests(host), IClassFixture<HoldingHost>;

public sealed class MembersAskingEachTime(AskingHost host) : MemberTests(host), IClassFixture<AskingHost>;
