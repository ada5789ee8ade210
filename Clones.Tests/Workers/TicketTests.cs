using System.Net;

namespace ControlPlane.Workers;

public sealed class TicketTests
{
    [Fact]
    public async Task A_ticket_opens_its_own_session_alone()
    {
        await using var running = await RunningWorker.StartAsync();
        using var other = await running.Client.StartAsync("ses-2", key: "another", seed: "empty");

        var first = await running.Client.GetAsync("/api/user/repos");
        var second = await running.Client.GetAsync("/api/user/repos", ("x-clone-ticket", "ses-2.github.1.another"));

        Assert.Equal(1, first.Json.GetArrayLength());
        Assert.Equal(0, second.Json.GetArrayLength());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ses-1")]
    [InlineData("ses-1.github.1")]
    [InlineData("ses-1.github.1.")]
    [InlineData("ses-1.github.1.wrong")]
    [InlineData("ses-1.github.2." + Client.Key)]
    [InlineData("ses-1.github.0." + Client.Key)]
    [InlineData("ses-1.github.-1." + Client.Key)]
    [InlineData("ses-1.github.+1." + Client.Key)]
    [InlineData("ses-1.github.one." + Client.Key)]
    [InlineData("ses-1.slack.1." + Client.Key)]
    [InlineData("ses-2.github.1." + Client.Key)]
    [InlineData("SES-1.github.1." + Client.Key)]
    [InlineData("ses-1.github.1." + Client.Key + ".more")]
    public async Task Anything_else_is_403_with_nothing_in_it(string? ticket)
    {
        await using var running = await RunningWorker.StartAsync();

        var answer = await running.Client.GetAsync("/api/user", ("x-clone-ticket", ticket));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Empty(answer.Body);
        Assert.Null(answer["Server"]);
    }

    [Fact]
    public async Task The_workers_secret_opens_nothing_on_the_data_port()
    {
        await using var running = await RunningWorker.StartAsync();
        var bearer = "Bearer " + running.Options.Secret;

        var asTicket = await running.Client.GetAsync("/status", ("authorization", bearer), ("x-clone-ticket", "ses-1.github.1." + running.Options.Secret));
        var control = await running.Client.GetAsync("/status", ("authorization", bearer));

        Assert.Equal(HttpStatusCode.Forbidden, asTicket.Status);
        Assert.Equal(HttpStatusCode.NotFound, control.Status);
    }

    [Fact]
    public async Task A_new_epoch_ends_the_ticket_before_it_and_keeps_the_state()
    {
        await using var running = await RunningWorker.StartAsync();
        await running.Client.SendAsync("POST", "/api/user/repos", """{"name":"kept"}""");
        using var renewed = await running.Client.StartAsync(epoch: 2, key: "second");

        Assert.Equal(HttpStatusCode.Forbidden, (await running.Client.GetAsync("/api/user")).Status);
        Assert.Equal(200, (await running.Client.GetAsync("/api/repos/octocat/kept", ("x-clone-ticket", "ses-1.github.2.second"))).Code);
    }

    [Fact]
    public async Task Neither_the_key_nor_a_callers_token_is_on_disk()
    {
        const string CallersToken = "canary-of-the-caller";
        await using var running = await RunningWorker.StartAsync();
        await running.Client.SendAsync("POST", "/api/user/repos", """{"name":"written"}""", ("authorization", "Bearer " + CallersToken));
        await running.Worker.StopAsync();

        var files = Directory.EnumerateFiles(running.Directory, "*", SearchOption.AllDirectories).ToArray();
        Assert.Contains(files, file => file.EndsWith("ses-1.github.1.journal", StringComparison.Ordinal));
        foreach (var text in files.Select(File.ReadAllText))
        {
            Assert.DoesNotContain(CallersToken, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Client.Key, text, StringComparison.Ordinal);
            Assert.DoesNotContain(running.Options.Secret, text, StringComparison.Ordinal);
        }
    }
}
