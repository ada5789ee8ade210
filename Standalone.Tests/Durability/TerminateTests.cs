using System.Net;
using System.Net.Sockets;
using System.Text;
using ControlPlane.Running;
using Xunit.Abstractions;

namespace ControlPlane.Durability;

/// <summary>SIGTERM: what is in flight is finished, and the next start waits for nothing.</summary>
public sealed class TerminateTests(ITestOutputHelper output)
{
    /// <summary>A lease long enough to tell who waits for one.</summary>
    private const string LongLease = "--Leases:Duration=00:00:30";

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_request_in_flight_is_answered_and_new_ones_are_not_taken()
    {
        using var data = new DataFolder();
        string session;
        await using (var program = await StandaloneProcess.StartAsync(data.Path))
        {
            session = await program.StartSessionAsync("empty");
            await program.CallAsync(HttpMethod.Post, $"/runtime/{session}/github/api/user/repos", program.OwnerToken,
                new { name = "slow" });
            using var client = program.Client(program.OwnerToken);
            using var body = new HeldBody("{\"title\":\"Held ", "back\"}");
            var answer = client.PostAsync($"/runtime/{session}/github/api/repos/octocat/slow/issues", body);
            await body.Begun;

            var ended = program.TerminateAsync();
            await Until.TrueAsync("it takes no new connection", () => RefusesAsync(program.Url));
            Assert.False(ended.IsCompleted);
            body.Finish();

            using var made = await answer;
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
            Assert.Equal(0, await ended);
        }

        await using var next = await StandaloneProcess.StartAsync(data.Path);
        var issues = await next.CallAsync(HttpMethod.Get, $"/runtime/{session}/github/api/repos/octocat/slow/issues", next.OwnerToken);
        Assert.Equal("Held back", issues[0].GetProperty("title").GetString());
    }

    [Fact]
    public async Task After_a_restart_nothing_waits()
    {
        using var data = new DataFolder();
        Key key;
        string session;
        await using (var program = await StandaloneProcess.StartAsync(data.Path, LongLease))
        {
            key = await program.CreateKeyAsync();
            session = await program.StartSessionAsync();
            await program.CallAsync(HttpMethod.Get, $"/runtime/{session}/github/api/user", key.Secret);
            Assert.Equal(0, await program.TerminateAsync());
        }

        await using var next = await StandaloneProcess.StartAsync(data.Path, LongLease);
        await next.CallAsync(HttpMethod.Get, $"/runtime/{session}/github/api/user", key.Secret);
        var started = TimeProvider.System.GetTimestamp();
        using var stopped = await next.DeleteAsync($"/api/sessions/{session}");
        using var revoked = await next.RevokeAsync(key.Id);
        var took = TimeProvider.System.GetElapsedTime(started);

        output.WriteLine($"First stop and first revocation after SIGTERM: {took.TotalMilliseconds:F0} ms");
        Assert.True(took < Quick, $"{took}");
    }

    [Fact]
    public async Task A_clean_end_leaves_one_database_file()
    {
        using var data = new DataFolder();
        await using var program = await StandaloneProcess.StartAsync(data.Path);
        await program.StartSessionAsync();

        Assert.Equal(0, await program.TerminateAsync());

        Assert.Equal([data.Database], Directory.GetFiles(data.Path, "control.db*"));
    }

    private static async Task<bool> RefusesAsync(Uri url)
    {
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(url.Host, url.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>A body whose end is sent when the test says so.</summary>
    private sealed class HeldBody(string first, string rest) : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void Finish() => _finish.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(first));
            await stream.FlushAsync();
            _begun.SetResult();
            await _finish.Task;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(rest));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
