using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.Invitations;

public abstract class InvitationTests(ManagementHost host)
{
    [Fact]
    public async Task Whoever_is_invited_becomes_a_user_with_a_token_that_works_at_once()
    {
        var email = Team.Email();
        var invited = (await host.As(host.Admin).PostAsync(Team.Members, $$"""{"email":"{{email}}","role":"admin"}""")).Must(201);
        var code = host.Remember(invited.String("invitation"));

        Assert.Equal((email, "admin"), (invited.String("email"), invited.String("role")));
        Assert.Equal("no-store", invited.Headers["Cache-Control"]);
        Assert.Matches("^archal_inv_[0-9A-Za-z]{38}$", code);

        var accepted = (await host.AcceptAsync(code)).Must(201);

        var token = host.Remember(accepted["token"].GetProperty("secret").GetString()!);
        var me = (await host.As(token).GetAsync("/auth/me")).Must(200);
        Assert.Equal((accepted.String("userId"), email, ManagementHost.Main, "admin"),
            (me.String("userId"), me.String("email"), me.String("workspaceId"), me.String("role")));
        var listed = (await host.As(token).GetAsync(Team.Members)).Must(200)["members"].EnumerateArray()
            .Single(member => member.GetProperty("id").GetString() == accepted.String("userId"));
        Assert.Equal((email, "admin"), (listed.GetProperty("email").GetString(), listed.GetProperty("role").GetString()));
    }

    [Fact]
    public async Task An_invitation_is_good_for_one()
    {
        var code = await host.InviteAsync();
        var first = (await host.AcceptAsync(code)).Must(201);
        host.Remember(first["token"].GetProperty("secret").GetString()!);

        (await host.AcceptAsync(code)).MustRefuse(409, "invitation_used");
        (await host.AcceptAsync(code, host.OtherOwner)).MustRefuse(409, "invitation_used");
    }

    [Fact]
    public async Task Of_many_that_race_one_wins()
    {
        var code = await host.InviteAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.AcceptAsync(code)));

        var won = Assert.Single(answers, answer => answer.Status == 201);
        host.Remember(won["token"].GetProperty("secret").GetString()!);
        Assert.All(answers.Except([won]), answer => answer.MustRefuse(409, "invitation_used"));
    }

    [Fact]
    public async Task A_user_joins_as_who_he_is_and_acts_in_the_workspace_that_he_names()
    {
        var code = await host.InviteAsync();

        var accepted = (await host.AcceptAsync(code, host.OtherOwner)).Must(201);

        Assert.Equal("zoe", accepted.String("userId"));
        Assert.False(accepted.Json.TryGetProperty("token", out _));
        (await host.AcceptAsync(code, host.OtherOwner)).Must(201);
        var workspaces = (await host.As(host.OtherOwner).GetAsync("/api/workspaces")).Must(200)["workspaces"].EnumerateArray()
            .Select(workspace => workspace.GetProperty("workspaceId").GetString()).Order();
        Assert.Equal([ManagementHost.Main, ManagementHost.Other], workspaces.Intersect([ManagementHost.Main, ManagementHost.Other]));
        (await host.As(host.OtherOwner).With("x-archal-workspace-id", ManagementHost.Main).GetAsync("/api/sessions")).Must(200);
        (await host.As(host.Owner).DeleteAsync($"{Team.Members}/zoe")).Must(204);
        (await host.As(host.OtherOwner).With("x-archal-workspace-id", ManagementHost.Main).GetAsync("/api/sessions")).MustRefuse(403, "role_missing");
        (await host.As(host.OtherOwner).GetAsync("/api/sessions")).Must(200);

        // The invitation was taken; it brings back nobody.
        (await host.AcceptAsync(code, host.OtherOwner)).Must(201);
        (await host.As(host.OtherOwner).With("x-archal-workspace-id", ManagementHost.Main).GetAsync("/api/sessions")).MustRefuse(403, "role_missing");
    }

    [Fact]
    public async Task Nobody_invites_above_himself_and_members_and_keys_invite_nobody()
    {
        (await host.As(host.Admin).PostAsync(Team.Members, """{"email":"a@example.com","role":"owner"}""")).MustRefuse(403, "role_missing");
        foreach (var caller in (string[])[host.Member, host.Key])
        {
            (await host.As(caller).PostAsync(Team.Members, """{"email":"a@example.com"}""")).MustRefuse(403, "role_missing");
            (await host.As(caller).GetAsync(Team.Members)).MustRefuse(403, "role_missing");
        }

        (await host.AcceptAsync(await host.InviteAsync(), host.Key)).MustRefuse(403, "role_missing");
        (await host.AcceptAsync(await host.InviteAsync(), "arc_not-one")).MustRefuse(401, "credential_malformed");
    }

    [Fact]
    public async Task An_invitation_ends_with_the_right_of_whoever_made_it()
    {
        var admin = await host.JoinAsync("admin");
        var code = await host.InviteAsync("admin", token: admin.Token);
        (await host.As(host.Owner).SendAsync("PATCH", $"{Team.Members}/{admin.User}", """{"role":"member"}""")).Must(200);

        (await host.AcceptAsync(code)).MustRefuse(400, "invitation_invalid");
    }

    [Fact]
    public async Task Open_invitations_are_listed_and_one_that_is_withdrawn_lets_nobody_in()
    {
        var email = Team.Email();
        var invited = (await host.As(host.Owner).PostAsync(Team.Members, $$"""{"email":"{{email}}","role":"owner"}""")).Must(201);
        var (id, code) = (invited.String("id"), host.Remember(invited.String("invitation")));
        var listed = (await OpenAsync()).Single(open => open.GetProperty("id").GetString() == id);

        Assert.Equal((email, "owner", "ann"), (Text(listed, "email"), Text(listed, "role"), Text(listed, "invitedBy")));
        Assert.Equal(invited.String("expiresAt"), Text(listed, "expiresAt"));

        // Only an owner takes back what an owner gave.
        (await host.As(host.Admin).DeleteAsync($"{Invitations}/{id}")).MustRefuse(403, "role_missing");
        (await host.As(host.Owner).DeleteAsync($"{Invitations}/{id}")).Must(204);
        (await host.As(host.Owner).DeleteAsync($"{Invitations}/{id}")).Must(204);

        (await host.AcceptAsync(code)).MustRefuse(400, "invitation_invalid");
        (await host.AcceptAsync(code, host.OtherOwner)).MustRefuse(400, "invitation_invalid");
        Assert.DoesNotContain(await OpenAsync(), open => Text(open, "id") == id);
        var act = (await host.AuditAsync("?action=member.uninvite")).First(act => Text(act, "outcome") == "done");
        Assert.Equal((id, $"owner {email}", "user:ann"), (Text(act, "target"), Text(act, "detail"), Text(act, "actor")));
    }

    [Fact]
    public async Task What_was_taken_or_never_was_there_cannot_be_withdrawn()
    {
        var invited = (await host.As(host.Owner).PostAsync(Team.Members, $$"""{"email":"{{Team.Email()}}"}""")).Must(201);
        var accepted = (await host.AcceptAsync(host.Remember(invited.String("invitation")))).Must(201);
        host.Remember(accepted["token"].GetProperty("secret").GetString()!);

        foreach (var id in (string[])[invited.String("id"), new string('0', 64), "nobodys", "%2e%2e%2e"])
        {
            (await host.As(host.Owner).DeleteAsync($"{Invitations}/{id}")).MustRefuse(404, "not_found");
        }

        foreach (var caller in (string[])[host.Member, host.Key])
        {
            (await host.As(caller).GetAsync(Invitations)).MustRefuse(403, "role_missing");
            (await host.As(caller).DeleteAsync($"{Invitations}/{new string('0', 64)}")).MustRefuse(403, "role_missing");
        }

        Assert.Contains(
            (await host.As(host.Owner).GetAsync(Team.Members)).Must(200)["members"].EnumerateArray(), member => Text(member, "id") == accepted.String("userId"));
    }

    [Fact]
    public async Task Another_workspaces_invitation_is_not_found()
    {
        var invited = (await host.As(host.OtherOwner).PostAsync($"/api/workspaces/{ManagementHost.Other}/members", """{"email":"a@example.com"}""")).Must(201);
        host.Remember(invited.String("invitation"));

        (await host.As(host.Owner).DeleteAsync($"{Invitations}/{invited.String("id")}")).MustRefuse(404, "not_found");
        (await host.As(host.Owner).DeleteAsync($"/api/workspaces/{ManagementHost.Other}/invitations/{invited.String("id")}")).MustRefuse(403, "role_missing");
    }

    [Theory]
    [InlineData("""{"email":"nobody","role":"member"}""", "email")]
    [InlineData("""{"email":"a@b@c"}""", "email")]
    [InlineData("""{"email":"a b@example.com"}""", "email")]
    [InlineData("""{"role":"member"}""", "email")]
    [InlineData("""{"email":"a@example.com","role":"Owner"}""", "role")]
    [InlineData("""{"email":"a@example.com","name":"x"}""", "name")]
    public async Task A_field_that_is_wrong_is_named(string json, string place)
    {
        var answer = (await host.As(host.Owner).PostAsync(Team.Members, json)).MustRefuse(400, "request_invalid");

        Assert.Contains(place, answer.String("message"), StringComparison.Ordinal);
    }

    [Theory, InlineData(""), InlineData("x"), InlineData("archal_inv_00000000000000000000000000000000000000")]
    public async Task What_is_no_code_is_refused(string code) => (await host.AcceptAsync(code)).MustRefuse(400, "invitation_invalid");

    [Fact]
    public async Task A_code_that_was_never_given_out_is_refused() =>
        (await host.AcceptAsync(host.Remember(InvitationCode.New()))).MustRefuse(400, "invitation_invalid");

    private const string Invitations = $"/api/workspaces/{ManagementHost.Main}/invitations";

    private static string? Text(System.Text.Json.JsonElement of, string field) => of.GetProperty(field).GetString();

    private async Task<List<System.Text.Json.JsonElement>> OpenAsync() =>
        [.. (await host.As(host.Owner).GetAsync(Invitations)).Must(200)["invitations"].EnumerateArray()];

    [Fact]
    public async Task Neither_the_answer_nor_the_store_knows_a_code_that_was_refused()
    {
        var code = Token.Create(CredentialKind.Personal, Token.NewId());

        Assert.DoesNotContain(code, (await host.AcceptAsync(host.Remember(code))).MustRefuse(400, "invitation_invalid").Text, StringComparison.Ordinal);
    }
}

public sealed class InvitationsOnHeldFacts(HoldingHost host) : InvitationTests(host), IClassFixture<HoldingHost>;

public sealed class InvitationsAskingEachTime(AskingHost host) : InvitationTests(host), IClassFixture<AskingHost>;

public sealed class GuessingHost() : ManagementHost(reuse: true)
{
    protected override int RefusedPerMinute => 5;
}

public sealed class GuessedInvitationTests(GuessingHost host) : IClassFixture<GuessingHost>
{
    [Fact]
    public async Task Whoever_guesses_codes_is_told_to_wait()
    {
        for (var guess = 0; guess < 5; guess++)
        {
            (await host.AcceptAsync(InvitationCode.New())).MustRefuse(400, "invitation_invalid");
        }

        Assert.NotEmpty((await host.AcceptAsync(InvitationCode.New())).MustRefuse(429, "too_many_requests").Headers["Retry-After"]);
    }
}
