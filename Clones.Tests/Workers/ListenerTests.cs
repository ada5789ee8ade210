using System.Net.Sockets;
using System.Text;

namespace ControlPlane.Workers;

/// <summary>What each of the two ports takes.</summary>
public sealed class ListenerTests
{
    [Theory]
    [InlineData(40, true, 403)]
    [InlineData(80, true, 431)]
    [InlineData(20, false, 401)]
    [InlineData(40, false, 431)]
    public async Task The_data_port_takes_what_a_gateway_takes_and_adds_to_and_the_control_port_less(int kibibytes, bool data, int status)
    {
        await using var worker = await RunningWorker.StartEmptyAsync();
        using var wire = await ConnectAsync(data ? worker.Worker.DataAddress : worker.Worker.ControlAddress);

        await wire.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /api HTTP/1.1\r\nHost: localhost\r\nx-large: {new string('h', kibibytes * 1024)}\r\n\r\n"));

        Assert.Equal($"HTTP/1.1 {status}", (await ReadLineAsync(wire))?[..12]);
    }

    [Fact]
    public async Task A_full_port_closes_one_connection_more_and_those_that_are_held_work()
    {
        await using var worker = await RunningWorker.StartAsync(with: static options => options with
        {
            ControlLimits = new LimitOptions { MaxConnections = 2, MaxConnectionsPerAddress = 2 },
        });
        using var second = await ConnectAsync(worker.Worker.ControlAddress);
        await AskAsync(second);
        Assert.NotNull(await ReadLineAsync(second));

        using var third = await ConnectAsync(worker.Worker.ControlAddress);
        await AskAsync(third);
        Assert.Null(await ReadLineAsync(third));

        // Its client holds the first.
        using var status = await worker.Client.StartAsync("ses-2");
        Assert.Equal(System.Net.HttpStatusCode.OK, status.StatusCode);
    }

    private static async Task<TcpClient> ConnectAsync(Uri address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        return client;
    }

    private static async Task AskAsync(TcpClient wire)
    {
        try
        {
            await wire.GetStream().WriteAsync("GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        }
        catch (IOException)
        {
            // Closed already.
        }
    }

    /// <summary>The first line of an answer; null when the connection is closed instead.</summary>
    private static async Task<string?> ReadLineAsync(TcpClient wire)
    {
        try
        {
            using var reader = new StreamReader(wire.GetStream(), leaveOpen: true);
            return await reader.ReadLineAsync();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
