using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Server;

public sealed class ServerClientTests : CliTest
{
    [Fact]
    public async Task A_refusal_is_the_servers_own_sentence()
    {
        Variables["ARCHAL_TOKEN"] = Tokens.New();

        (await RunAsync("whoami")).Failed(1, "The token is unknown or revoked. Log in again.");
    }

    [Fact]
    public async Task A_refusal_of_many_lines_is_told_in_one()
    {
        Server.Instead["GET /auth/me"] = http => ContractServer.RefuseAsync(http, 500, "internal", "First.\nSecond.\e[2J");

        (await RunAsync("whoami")).Failed(1, "First. Second.");
    }

    [Fact]
    public async Task A_token_that_a_server_repeats_is_not_shown()
    {
        Server.Instead["GET /auth/me"] = http => ContractServer.RefuseAsync(http, 401, "credential_invalid", $"No: {Server.UserToken}");

        (await RunAsync("whoami")).Failed(1, "No: arc_…");
    }

    [Fact]
    public async Task Something_else_than_the_control_plane_is_recognised()
    {
        Server.Instead["GET /auth/me"] = http => http.Response.WriteAsync("<html>");
        (await RunAsync("whoami")).Failed(1, Server.Address, "ARCHAL_API_URL");

        Server.Instead["GET /auth/me"] = http =>
        {
            http.Response.Redirect("http://elsewhere.example/");
            return Task.CompletedTask;
        };
        (await RunAsync("whoami")).Failed(1, "302", "ARCHAL_API_URL");
    }

    [Fact]
    public async Task An_unreachable_server_is_named_with_what_to_do()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)closed.LocalEndpoint).Port}";
        closed.Stop();
        Variables["ARCHAL_API_URL"] = address;

        (await RunAsync("whoami")).Failed(1, address, "Start the control plane", "ARCHAL_API_URL");
    }

    [Fact]
    public async Task No_token_goes_over_plain_http_to_another_machine()
    {
        Variables["ARCHAL_API_URL"] = "http://control-plane.invalid";
        (await RunAsync("whoami")).Failed(2, "plain http", "--insecure");
        (await RunAsync("login", "--token", Server.UserToken)).Failed(2, "plain http");

        // Allowed, it is tried, and fails only because there is no such host.
        (await RunAsync("whoami", "--insecure")).Failed(1, "cannot be reached");
    }

    [Theory]
    [InlineData("control-plane.example")]
    [InlineData("ftp://control-plane.example")]
    [InlineData("https://user:password@control-plane.example")]
    public async Task An_address_that_is_none_is_wrong_use(string address)
    {
        Variables["ARCHAL_API_URL"] = address;

        var outcome = await RunAsync("whoami");

        outcome.Failed(2, "ARCHAL_API_URL");
        Assert.DoesNotContain("password", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_never_sees_what_is_meant_for_this_machine()
    {
        Variables["http_proxy"] = "http://proxy.invalid:3128";

        (await RunAsync("whoami")).Good();
    }

    [Fact]
    public async Task The_workspace_is_chosen_by_variable_and_by_option()
    {
        Variables["ARCHAL_WORKSPACE_ID"] = "ws-variable";
        (await RunAsync("clone", "--json")).Good();
        (await RunAsync("clone", "--json", "--workspace", "ws-option")).Good();

        Assert.Equal(["ws-variable", "ws-option"], Server.Calls.Select(call => call.Workspace));
    }

    [Fact]
    public async Task Verbose_tells_what_was_asked_and_leaves_the_result_alone()
    {
        var outcome = (await RunAsync("whoami", "--json", "--verbose")).Good();

        Assert.Equal("user-1", outcome.Json().GetProperty("userId").GetString());
        Assert.StartsWith("GET /auth/me: 200 in ", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("request request-1", outcome.Errors, StringComparison.Ordinal);
    }
}
