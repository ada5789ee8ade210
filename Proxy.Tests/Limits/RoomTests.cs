using ControlPlane.Wire;

namespace ControlPlane.Limits;

/// <summary>How many requests there is room for, and who counts as one caller.</summary>
public sealed class RoomTests
{
    [Fact]
    public async Task One_request_more_than_there_is_room_for_is_503_and_health_is_still_told()
    {
        var (arrived, freed) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var gateway = await GatewayUnderTest.StartAsync(settings: [("Limits:MaxRequests", "1")]);
        gateway.Worker.Answer = async (worker, head) =>
        {
            arrived.TrySetResult();
            await freed.Task;
            return await gateway.Worker.RecordAsync(worker, head);
        };
        await using var first = await gateway.OpenAsync("GET", "/api/x");
        await arrived.Task.WaitAsync(RawConnection.Patience);

        var refused = (await gateway.SendRawAsync("GET /runtime/ses-1/github/api HTTP/1.1\r\nHost: localhost\r\n\r\n"))!;
        Assert.Equal((503, "control_plane_unavailable"), (refused.Head.Status, refused.Head["x-route-error"]));
        Assert.NotNull(refused.Head["Retry-After"]);
        Assert.Contains("\"code\":\"control_plane_unavailable\"", refused.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await gateway.SendRawAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"))?.Head.Status);
        Assert.Equal(200, (await gateway.SendRawAsync("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n"))?.Head.Status);

        // On a session's host that is a clone named health.
        Assert.Equal(503, (await gateway.SendRawAsync("GET /health/api/y HTTP/1.1\r\nHost: ses-1.clones.localhost\r\n\r\n"))?.Head.Status);

        freed.SetResult();
        Assert.Equal(200, (await first.ReadHeadAsync())?.Status);
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void One_caller_is_an_address_or_a_network_of_64_bits(string address, string counted) => Assert.Equal(
        System.Net.IPAddress.Parse(counted), Gateways.ClientAddress.Of(System.Net.IPAddress.Parse(address)));
}
