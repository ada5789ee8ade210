using System.Net;
using System.Net.Http.Json;
using ControlPlane.Errors;

namespace ControlPlane.Workers;

public sealed class DrainTests
{
    [Fact]
    public async Task A_draining_worker_takes_no_new_session_and_serves_those_it_holds()
    {
        await using var running = await RunningWorker.StartAsync();

        running.Worker.Drain();
        using var refused = await running.Client.StartAsync("ses-2", key: "other");
        using var again = await running.Client.StartAsync();
        var served = await running.Client.GetAsync("/api/user");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(WorkerRefusals.Draining, (await refused.Content.ReadFromJsonAsync<ErrorEnvelope>())?.Code);
        Assert.Equal((HttpStatusCode.OK, 200), (again.StatusCode, served.Code));
        Assert.True((await running.Client.StatusAsync()).Draining);
    }

    [Fact]
    public async Task It_says_what_it_is_under_the_address_that_others_reach_it_by()
    {
        await using var running = await RunningWorker.StartAsync();
        var (data, control) = (new Uri("http://10.0.0.5:7000"), new Uri("http://10.0.0.5:7001"));

        var presence = await running.Worker.PresenceAsync(data, control);

        Assert.Equal((data, control, 1000, false), (presence.DataUrl, presence.ControlUrl, presence.Capacity, presence.Draining));
        Assert.Equal([new PlacementInfo("ses-1", 1)], presence.Placements);
        Assert.Equal("github", Assert.Single(presence.Catalogue).Id);
    }
}
