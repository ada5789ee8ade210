using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.Auth;

/// <summary>Every endpoint for every kind of caller (contract 2.3): who may, and what whoever may not is told.</summary>
public abstract class ScopeTests(ManagementHost host)
{
    private const string Create = """{"clones":["github"]}""";

    /// <summary>A sessions:read B sessions:write C workspaces:read D none E member F admin G owner H another workspace's key I another's owner J the owner's device.</summary>
    public static TheoryData<string, string, string?, string> Matrix => new()
    {
        // One column for each caller: . may, s scope_missing, r role_missing, f session_forbidden, w workspace_key_scope_mismatch,
        // n may and is told that there is none, i may and is told what is wrong.
        { "GET", "/auth/me", null, "....." + "....." },
        { "GET", "/api/clones", null, "....." + "....." },
        { "GET", "/api/sessions", null, "..ss." + "....." },
        { "POST", "/api/sessions", Create, "s.ss." + "....." },
        { "GET", "/api/sessions/{session}", null, "..ss." + "..ff." },
        { "GET", "/api/sessions/{session}/liveness", null, "..ss." + "..ff." },
        { "POST", "/api/sessions/{session}/renew", "{}", "s.ss." + "..ff." },
        { "PUT", "/api/sessions/{session}/clones/github/faults", """{"faults":[]}""", "s.ss." + "..ff." },
        { "GET", "/api/sessions/{session}/clones/github/faults", null, "..ss." + "..ff." },
        { "GET", "/api/clones/github/coverage", null, "....." + "....." },
        { "DELETE", "/api/sessions/{session}", null, "s.ss." + "..ff." },
        { "DELETE", "/api/sessions?label=nobody-has-it", null, "s.ss." + "....." },
        { "GET", "/api/workspaces", null, "ss.s." + "....." },
        { "GET", "/api/workspaces/ws-main", null, "ss.s." + "..wr." },
        { "POST", "/api/workspaces/ws-main/api-keys", """{"label":"x"}""", "rrrrr" + "..wr." },
        { "GET", "/api/workspaces/ws-main/api-keys", null, "rrrrr" + "..wr." },
        { "DELETE", "/api/workspaces/ws-main/api-keys/{key}", null, "rrrrr" + "..wr." },
        { "DELETE", "/api/workspaces/ws-main/api-keys/000000000000", null, "rrrrr" + "nnwrn" },
        { "GET", "/api/workspaces/ws-main/invitations", null, "rrrrr" + "..wr." },
        { "DELETE", $"/api/workspaces/ws-main/invitations/{new string('0', 64)}", null, "rrrrr" + "nnwrn" },
        { "POST", "/api/me/tokens", """{"label":"x"}""", "rrrr." + "..r.." },
        { "GET", "/api/admin/status", null, "rrrrr" + "r.rr." },
        { "POST", "/api/admin/gateways/evict", """{"incarnation":"nobody"}""", "rrrrr" + "rnrrn" },
        { "POST", "/api/admin/gateways/evict", "not json at all", "rrrrr" + "rirri" },
        { "PUT", "/api/admin/workers/nobody/drain", null, "rrrrr" + "rnrrn" },
        { "DELETE", "/api/admin/workers/nobody/drain", null, "rrrrr" + "rnrrn" },
        { "GET", "/api/admin/sessions/{session}/why", null, "rrrrr" + "r.rr." },
        { "GET", "/api/admin/backup", null, "rrrrr" + "rnrrn" },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Each_endpoint_is_for_whom_the_contract_says(string method, string target, string? body, string outcomes)
    {
        string[] callers =
        [
            await KeyAsync(Scopes.SessionsRead), await KeyAsync(Scopes.SessionsWrite), await KeyAsync(Scopes.WorkspacesRead), await KeyAsync(Scopes.None),
            host.Member, host.Admin, host.Owner, host.OtherKey, host.OtherOwner, await host.CredentialAsync(CredentialKind.Login, ManagementHost.Main, "ann"),
        ];

        for (var at = 0; at < callers.Length; at++)
        {
            var session = (await host.As(host.Key).PostAsync("/api/sessions", Create)).Must(200).String("sessionId");
            var key = (await host.As(host.Owner).PostAsync("/api/workspaces/ws-main/api-keys", """{"label":"to be revoked"}""")).Must(201).String("id");
            var filled = target.Replace("{session}", session, StringComparison.Ordinal).Replace("{key}", key, StringComparison.Ordinal);

            var answer = await host.As(callers[at]).SendAsync(method, filled, body);

            switch (outcomes[at])
            {
                case '.':
                    Assert.True(answer.Status is 200 or 201 or 204, $"caller {at}: {answer.Status} {answer.Text}");
                    break;
                case 'i':
                    answer.MustRefuse(400, "request_invalid");
                    break;
                case 'n':
                    answer.MustRefuse(404, "not_found");
                    break;
                default:
                    answer.MustRefuse(403, Code(outcomes[at]));
                    break;
            }
        }
    }

    [Fact]
    public async Task A_write_scope_implies_reading_and_no_more()
    {
        var writer = host.As(await KeyAsync(Scopes.SessionsWrite));

        (await writer.GetAsync("/api/sessions")).Must(200);
        (await writer.GetAsync("/api/workspaces")).MustRefuse(403, "scope_missing");
    }

    [Fact]
    public async Task Of_another_workspaces_session_nothing_is_told_but_403()
    {
        var session = (await host.As(host.Key).PostAsync("/api/sessions", """{"clones":["github"],"name":"quite secret"}""")).Must(200).String("sessionId");
        await host.As(host.Key).DeleteAsync($"/api/sessions/{session}");
        var stranger = host.As(host.OtherKey);

        foreach (var target in new[] { $"/api/sessions/{session}", $"/api/sessions/{session}/liveness" })
        {
            var answer = (await stranger.GetAsync(target)).MustRefuse(403, "session_forbidden");
            Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(session, (await stranger.GetAsync("/api/sessions?status=all")).Must(200).Text, StringComparison.Ordinal);
    }

    private static string Code(char outcome) => outcome switch
    {
        's' => "scope_missing",
        'r' => "role_missing",
        'f' => "session_forbidden",
        _ => "workspace_key_scope_mismatch",
    };

    private Task<string> KeyAsync(Scopes scopes) => host.CredentialAsync(CredentialKind.WorkspaceKey, ManagementHost.Main, null, scopes);
}

public sealed class ScopesOnHeldFacts(HoldingHost host) : ScopeTests(host), IClassFixture<HoldingHost>;

public sealed class ScopesAskingEachTime(AskingHost host) : ScopeTests(host), IClassFixture<AskingHost>;
