using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using ControlPlane.Hosting;

namespace ControlPlane.Logins;

/// <summary>How often a user may try codes that are wrong, from wherever.</summary>
public sealed class LoginLimitTests : IAsyncLifetime
{
    private const int Most = 10;
    private const string Wrong = "BCDF-GHJK";

    private readonly HoldingHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_user_who_comes_from_many_addresses_has_ten_wrong_tries_in_all()
    {
        for (var at = 0; at < Most; at++)
        {
            Assert.Equal(HttpStatusCode.NotFound, await TryFromAsync($"127.0.1.{at + 1}", _host.Member));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await TryFromAsync("127.0.1.99", _host.Member));
        Assert.Equal(HttpStatusCode.NotFound, await TryFromAsync("127.0.1.99", _host.Owner));
    }

    [Fact]
    public async Task Many_tries_at_one_moment_are_no_more_than_ten()
    {
        // The first look at the record of the code that is tried waits until all have been sent; those turned away answer meanwhile.
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (await _host.As(_host.Member).GetAsync("/auth/me")).Must(200);
        _host.Storage.Before = entity => entity.Kind == "login" ? held.Task : Task.CompletedTask;
        var turnedAway = 0;

        var tries = await Task.WhenAll(Enumerable.Range(0, 3 * Most).Select(async _ =>
        {
            var status = await TryFromAsync("127.0.2.1", _host.Member);
            if (status == HttpStatusCode.TooManyRequests && Interlocked.Increment(ref turnedAway) == 2 * Most)
            {
                held.SetResult();
            }

            return status;
        }));

        Assert.Equal(Most, tries.Count(status => status == HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Looking_at_a_code_that_is_right_uses_nothing_up()
    {
        var code = (await _host.As(null).PostAsync("/auth/device")).Must(200);
        _host.Remember(code.String("device_code"));
        for (var at = 0; at < 2 * Most; at++)
        {
            (await _host.As(_host.Member).PostAsync("/auth/device/approval", $$"""{"user_code":"{{code.String("user_code")}}"}""")).Must(200);
        }
    }

    private async Task<HttpStatusCode> TryFromAsync(string from, string token)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var answer = await client.PostAsync(new Uri(_host.Address, "/auth/device/approval"), JsonContent.Create(new { user_code = Wrong }));
        return answer.StatusCode;
    }
}
