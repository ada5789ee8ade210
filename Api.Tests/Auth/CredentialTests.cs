using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.Auth;

/// <summary>The rows of contract 2.4 about credentials, and how they are read from a request.</summary>
public abstract class CredentialTests(ManagementHost host)
{
    private const string Me = "/auth/me";

    [Fact]
    public async Task None_is_401_and_the_challenge_says_no_more()
    {
        var answer = (await host.As(null).GetAsync(Me)).MustRefuse(401, "credential_missing");

        Assert.Equal("Bearer", answer.Headers["WWW-Authenticate"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic abc")]
    [InlineData("Bearer a b")]
    [InlineData("Bearer x, Bearer y")]
    [InlineData("Bearer not-one-of-ours")]
    [InlineData("Bearerx")]
    public async Task What_has_not_the_shape_of_a_token_is_malformed(string value)
    {
        var answer = (await host.As(null).With("Authorization", value).GetAsync(Me)).MustRefuse(401, "credential_malformed");

        Assert.StartsWith("Bearer error=\"invalid_token\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_wrong_character_and_two_values_are_malformed()
    {
        var mistyped = host.Key[..^1] + (host.Key[^1] == '0' ? '1' : '0');

        (await host.As(mistyped).GetAsync(Me)).MustRefuse(401, "credential_malformed");
        (await host.As(host.Key).With("Authorization", $"Bearer {host.Key}").GetAsync(Me)).MustRefuse(401, "credential_malformed");
        (await host.As(null).With("Authorization", $"Bearer {host.Key},Bearer {host.Key}").GetAsync(Me)).MustRefuse(401, "credential_malformed");
    }

    [Fact]
    public async Task Unknown_tokens_and_other_secrets_of_known_ids_are_the_same_401()
    {
        var id = host.Key.Split('_')[2];

        var unknown = (await host.As(Token.Create(CredentialKind.WorkspaceKey, Token.NewId())).GetAsync(Me)).MustRefuse(401, "credential_invalid");
        var guessed = (await host.As(Token.Create(CredentialKind.WorkspaceKey, id)).GetAsync(Me)).MustRefuse(401, "credential_invalid");

        Assert.Equal(unknown.Text, guessed.Text);
        Assert.StartsWith("Bearer error=\"invalid_token\"", unknown.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_one_is_told_so()
    {
        var expired = await host.CredentialAsync(
            CredentialKind.WorkspaceKey, ManagementHost.Main, null, expires: TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1));

        (await host.As(expired).GetAsync(Me)).MustRefuse(401, "credential_expired");
    }

    [Theory]
    [InlineData("Bearer {0}")]
    [InlineData("bearer {0}")]
    [InlineData("TOKEN {0}")]
    [InlineData("Bearer    {0}")]
    public async Task Schemes_have_no_case_and_any_number_of_spaces(string form)
    {
        var value = string.Format(null, form, host.Key);

        (await host.As(null).With("Authorization", value).GetAsync(Me)).Must(200);
        (await host.As("ghp-not-ours").With("x-route-authorization", value).GetAsync(Me)).Must(200);
    }

    [Fact]
    public async Task Route_authorization_decides_by_being_present()
    {
        (await host.As(host.Key).With("x-route-authorization", "").GetAsync(Me)).MustRefuse(401, "credential_malformed");
        (await host.As(host.Key).With("x-route-authorization", "Bearer nonsense").GetAsync(Me)).MustRefuse(401, "credential_malformed");
    }

    [Fact]
    public async Task Neither_a_URL_nor_a_cookie_is_a_credential()
    {
        var answer = await host.As(null).With("Cookie", $"token={host.Key}; Authorization={host.Key}")
            .GetAsync($"{Me}?token={host.Key}&access_token={host.Key}&authorization=Bearer%20{host.Key}");

        answer.MustRefuse(401, "credential_missing");
        Assert.DoesNotContain(host.Key, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_credential_comes_before_everything_else()
    {
        var caller = host.As(null);

        (await caller.PostAsync("/api/sessions", "{not json")).MustRefuse(401, "credential_missing");
        (await caller.GetAsync("/api/sessions/ses-nobody")).MustRefuse(401, "credential_missing");
        (await caller.With("x-archal-workspace-id", "").GetAsync("/api/workspaces/none/api-keys")).MustRefuse(401, "credential_missing");
    }

    [Fact]
    public async Task A_key_says_who_it_is()
    {
        var me = (await host.As(host.Key).GetAsync(Me)).Must(200);

        Assert.Equal("workspace_key", me.String("credentialKind"));
        Assert.Equal(host.Key.Split('_')[2], me.String("userId"));
        Assert.Equal(ManagementHost.Main, me.String("workspaceId"));
        Assert.Equal("self-hosted", me.String("plan"));
        Assert.False(me["managedEvaluatorAvailable"].GetBoolean());
        Assert.Equal(["github", "slack"], me["selectedCloneIds"].EnumerateArray().Select(clone => clone.GetString()!));
        Assert.False(me.Json.TryGetProperty("role", out _));
    }

    [Fact]
    public async Task A_user_says_who_it_is()
    {
        var me = (await host.As(host.Owner).GetAsync(Me)).Must(200);

        Assert.Equal("personal", me.String("credentialKind"));
        Assert.Equal("ann", me.String("userId"));
        Assert.Equal("ann@example.com", me.String("email"));
        Assert.Equal("owner", me.String("role"));
        Assert.Equal("login", (await host.As(host.Admin).GetAsync(Me)).Must(200).String("credentialKind"));
    }

    [Fact]
    public async Task A_key_acts_in_no_other_workspace_than_its_own()
    {
        (await host.As(host.Key).With("x-archal-workspace-id", ManagementHost.Main).GetAsync(Me)).Must(200);
        (await host.As(host.Key).With("x-archal-workspace-id", ManagementHost.Other).GetAsync(Me)).MustRefuse(403, "workspace_key_scope_mismatch");
        (await host.As(host.Key).GetAsync($"/api/workspaces/{ManagementHost.Other}")).MustRefuse(403, "workspace_key_scope_mismatch");
        (await host.As(host.Key).With("x-archal-workspace-id", ManagementHost.Other).GetAsync($"/api/workspaces/{ManagementHost.Main}"))
            .MustRefuse(403, "workspace_key_scope_mismatch");
    }

    [Fact]
    public async Task A_user_acts_only_as_a_member()
    {
        (await host.As(host.Owner).With("x-archal-workspace-id", ManagementHost.Other).GetAsync(Me)).MustRefuse(403, "role_missing");
        (await host.As(host.Owner).With("x-archal-workspace-id", "ws-nowhere").GetAsync(Me)).MustRefuse(403, "role_missing");
        (await host.As(host.Owner).With("x-archal-workspace-id", ManagementHost.Main).GetAsync($"/api/workspaces/{ManagementHost.Other}"))
            .MustRefuse(403, "role_missing");
    }

    [Fact]
    public async Task A_workspace_is_named_once_and_plainly()
    {
        (await host.As(host.Owner).With("x-archal-workspace-id", "").GetAsync(Me)).MustRefuse(400, "request_invalid");
        (await host.As(host.Owner).With("x-archal-workspace-id", "a,b").GetAsync(Me)).MustRefuse(400, "request_invalid");
        (await host.As(host.Owner).GetAsync($"/api/workspaces/{new string('w', 65)}")).MustRefuse(404, "not_found");
    }
}

public sealed class CredentialsOnHeldFacts(HoldingHost host) : CredentialTests(host), IClassFixture<HoldingHost>;

public sealed class CredentialsAskingEachTime(AskingHost host) : CredentialTests(host), IClassFixture<AskingHost>;
