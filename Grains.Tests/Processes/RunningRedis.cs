using System.Diagnostics;
using System.Globalization;

namespace ControlPlane.Processes;

/// <summary>A Redis of a test's own, with settings of its choosing.</summary>
public sealed class RunningRedis : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder = Directory.CreateTempSubdirectory("redis-").FullName;

    private RunningRedis(int port, IEnumerable<string> settings)
    {
        Port = port;
        _process = Process.Start(new ProcessStartInfo(
            "redis-server", ["--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), "--dir", _folder, .. settings])
        {
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("redis-server did not start.");
    }

    public int Port { get; }

    public static Task<RunningRedis> StartAsync(params string[] settings) => StartAtAsync(FreePort.Next(), settings);

    public static async Task<RunningRedis> StartAtAsync(int port, params string[] settings)
    {
        var redis = new RunningRedis(port, settings);
        await redis.ReadUntilAsync("Ready to accept");
        return redis;
    }

    /// <summary>Returns when a line of its log has these words, and reads no further.</summary>
    public async Task ReadUntilAsync(string words)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line && !line.Contains(words, StringComparison.Ordinal))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
