using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.Events;

/// <summary>A host whose streams are few, and say soon that they are there.</summary>
public sealed class EventHost() : ManagementHost(reuse: true)
{
    public const int MostStreams = 3;

    private protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
        [new("Events:Heartbeat", "00:00:01"), new("Events:MaxStreams", $"{MostStreams}")];
}

/// <summary>Events over HTTP: what is told, to whom, and how a stream ends.</summary>
public sealed class EventTests(EventHost host) : IClassFixture<EventHost>
{
    [Fact]
    public async Task A_session_is_followed_to_its_end_and_the_stream_ends_with_it()
    {
        var id = await host.SessionAsync();
        using var reader = await OpenAsync($"/api/sessions/{id.ToUpperInvariant()}/events", host.Key);
        Assert.Equal("text/event-stream", reader.Answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("created", "running"), ((await reader.NextAsync())!.Name, (await reader.NextAsync())!.Name));

        (await host.As(host.Key).PostAsync($"/api/sessions/{id}/renew", "{}")).Must(200);
        var renewed = (await reader.NextAsync())!;
        Assert.Equal(("renewed", "renewed", id), (renewed.Name, renewed.Data.GetProperty("type").GetString(), renewed.Session));
        (await host.As(host.Key).PostAsync($"/api/sessions/{id}/clones/github/seed", """{"seed":"empty"}""")).Must(200);
        var seeded = (await reader.NextAsync())!;
        Assert.Equal(("seeded", "github", "empty"), (seeded.Name, seeded.Data.GetProperty("clone").GetString(), seeded.Data.GetProperty("seed").GetString()));
        (await host.As(host.Key).DeleteAsync($"/api/sessions/{id}")).Must(204);

        var ended = (await reader.NextAsync())!;
        Assert.Equal(("ended", "stopped"), (ended.Name, ended.Data.GetProperty("cause").GetString()));
        Assert.Null(await reader.NextAsync());

        // Who comes back with all of it is told to stay away, and who comes back with less gets the rest.
        (await host.As(host.Key).With("Last-Event-ID", ended.Id).GetAsync($"/api/sessions/{id}/events")).Must(204);
        using var again = await OpenAsync($"/api/sessions/{id}/events", host.Key, seeded.Id);
        Assert.Equal((ended.Id, "ended"), ((await again.NextAsync()) is { } told ? (told.Id, told.Name) : default));
        Assert.Null(await again.NextAsync());
    }

    [Fact]
    public async Task A_workspaces_stream_has_what_happens_from_now_on_and_says_that_it_is_there()
    {
        var before = await host.SessionAsync();
        using var reader = await OpenAsync($"/api/workspaces/{ManagementHost.Main}/events", host.Member);
        while (await reader.LineAsync() is not [':', ..])
        {
        }

        var id = await host.SessionAsync();
        var told = new List<ToldEvent>();
        while (told.Count(one => one.Session == id) < 2)
        {
            told.Add((await reader.NextAsync())!);
        }

        Assert.DoesNotContain(told, one => one.Session == before && one.Name == "created");
        Assert.Equal(["created", "running"], told.Where(one => one.Session == id).Select(one => one.Name));

        // Coming back with an earlier id: everything since, in the same order and with the same ids.
        using var back = await OpenAsync($"/api/workspaces/{ManagementHost.Main}/events", host.Key, told[0].Id);
        Assert.Equal(told[1].Id, (await back.NextAsync())!.Id);
    }

    [Fact]
    public async Task A_key_that_is_revoked_breaks_its_stream_off()
    {
        var session = await host.SessionAsync();
        var (id, token) = await host.KeyAsync();
        using var reader = await OpenAsync($"/api/sessions/{session}/events", token);
        Assert.Equal("created", (await reader.NextAsync())!.Name);

        (await host.As(host.Owner).DeleteAsync($"/api/workspaces/{ManagementHost.Main}/api-keys/{id}")).Must(204);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (await reader.LineAsync() is not null)
            {
            }

            throw new InvalidOperationException("It ended as if it were whole.");
        }).ContinueWith(static thrown => Assert.IsNotType<InvalidOperationException>(thrown.Result), TaskScheduler.Default);
        (await host.As(token).GetAsync($"/api/sessions/{session}/events")).MustRefuse(401, "credential_invalid");
    }

    [Fact]
    public async Task A_process_that_stops_ends_its_streams_whole()
    {
        await using var own = new EventHost();
        await own.InitializeAsync();
        using var reader = await EventReader.OpenAsync(own.Address, $"/api/workspaces/{ManagementHost.Main}/events", own.Key);
        Assert.Equal("retry: 2000", await reader.LineAsync());

        var stopping = own.StopAsync();

        Assert.Null(await reader.NextAsync());
        await stopping;
    }

    [Fact]
    public async Task What_is_not_kept_and_what_is_no_id_is_refused()
    {
        var id = await host.SessionAsync();
        foreach (var target in new[] { $"/api/sessions/{id}/events", $"/api/workspaces/{ManagementHost.Main}/events" })
        {
            (await host.As(host.Key).With("Last-Event-ID", "999999").GetAsync(target)).MustRefuse(410, "events_gone");
            foreach (var none in new[] { "-1", "0", "", "x" })
            {
                var wrong = (await host.As(host.Key).With("Last-Event-ID", none).GetAsync(target)).MustRefuse(400, "request_invalid");
                Assert.StartsWith("Last-Event-ID: ", wrong.String("message"), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Only_so_many_streams_are_open_at_a_time()
    {
        var target = $"/api/workspaces/{ManagementHost.Other}/events";
        var open = new List<EventReader>();
        try
        {
            for (var at = 0; at < EventHost.MostStreams; at++)
            {
                open.Add(await OpenAsync(target, host.OtherKey));
                Assert.Equal(200, (int)open[^1].Answer.StatusCode);
            }

            Assert.Contains("Retry-After", (await host.As(host.OtherKey).GetAsync(target)).MustRefuse(429, "quota_exceeded").Headers.Keys);
        }
        finally
        {
            open.ForEach(reader => reader.Dispose());
        }

        // The places of those that have gone are free again; the server hears of it in its own time.
        while (true)
        {
            using var next = await OpenAsync(target, host.OtherKey);
            if (next.Answer.IsSuccessStatusCode)
            {
                return;
            }

            Assert.Equal(429, (int)next.Answer.StatusCode);
        }
    }

    [Fact]
    public async Task Events_are_for_whoever_may_read_the_sessions()
    {
        var id = await host.SessionAsync();
        var none = await host.CredentialAsync(CredentialKind.WorkspaceKey, ManagementHost.Main, null, Scopes.WorkspacesRead);

        (await host.As(none).GetAsync($"/api/sessions/{id}/events")).MustRefuse(403, "scope_missing");
        (await host.As(none).GetAsync($"/api/workspaces/{ManagementHost.Main}/events")).MustRefuse(403, "scope_missing");
        (await host.As(host.OtherKey).GetAsync($"/api/sessions/{id}/events")).MustRefuse(403, "session_forbidden");
        (await host.As(host.OtherKey).GetAsync($"/api/workspaces/{ManagementHost.Main}/events")).MustRefuse(403, "workspace_key_scope_mismatch");
        (await host.As(host.Key).GetAsync("/api/sessions/ses-nobody/events")).MustRefuse(404, "session_not_found");
    }

    private Task<EventReader> OpenAsync(string target, string token, string? last = null) => EventReader.OpenAsync(host.Address, target, token, last);
}
