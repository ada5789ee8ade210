using ControlPlane.Hosting;

namespace ControlPlane.Sessions;

/// <summary>How many bytes of states one process reads and holds at a time.</summary>
public sealed class StateRoomTests : IAsyncLifetime
{
    private const int Mebibyte = 1024 * 1024;
    private const int Largest = 32 * Mebibyte;

    /// <summary>So many of the largest are read at a time, by default.</summary>
    private const int AtOnce = 8;

    private readonly HoldingHost _host = new();
    private readonly List<StateUpload> _uploads = [];

    public Task InitializeAsync() => _host.InitializeAsync();

    public async Task DisposeAsync()
    {
        _uploads.ForEach(upload => upload.Dispose());
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task So_many_bytes_of_states_are_read_at_a_time_and_no_more()
    {
        var id = await _host.SessionAsync();
        for (var at = 0; at < AtOnce; at++)
        {
            await BeginAsync(id, Largest);
        }

        using var late = await StateUpload.BeginAsync(_host, _host.Key, id, "github", Largest);
        var refused = await late.HeadAsync();
        Assert.Equal("HTTP/1.1 503 Service Unavailable", refused[0]);
        Assert.Contains("x-route-error: control_plane_unavailable", refused);
        Assert.Contains(refused, header => header.StartsWith("Retry-After: ", StringComparison.Ordinal));
        var state = $"/api/sessions/{id}/clones/github/state";
        Assert.NotEmpty((await _host.As(_host.Key).GetAsync(state)).MustRefuse(503, "control_plane_unavailable").Headers["Retry-After"]);

        await EndAsync(_uploads[0]);
        (await _host.As(_host.Key).PostAsync($"/api/sessions/{id}/clones/github/seed", """{"seed":"empty"}""")).Must(200);
    }

    [Fact]
    public async Task A_state_that_is_larger_than_what_is_left_is_not_held_for_its_reader()
    {
        var id = await _host.SessionAsync();
        await EndAsync(await BeginAsync(id, 16 * Mebibyte));
        for (var at = 0; at < AtOnce - 1; at++)
        {
            await BeginAsync(id, Largest);
        }

        var last = await BeginAsync(id, 20 * Mebibyte);
        var state = $"/api/sessions/{id}/clones/github/state";
        (await _host.As(_host.Key).GetAsync(state)).MustRefuse(503, "control_plane_unavailable");

        await EndAsync(last);
        (await _host.As(_host.Key).GetAsync(state)).Must(200);
    }

    private async Task<StateUpload> BeginAsync(string session, int bytes)
    {
        var upload = await StateUpload.BeginAsync(_host, _host.Key, session, "github", bytes);
        _uploads.Add(upload);
        Assert.Equal("HTTP/1.1 100 Continue", (await upload.HeadAsync())[0]);
        await upload.SendFirstAsync();
        return upload;
    }

    private static async Task EndAsync(StateUpload upload)
    {
        await upload.SendRestAsync();
        Assert.Equal("HTTP/1.1 200 OK", (await upload.HeadAsync())[0]);
    }
}
