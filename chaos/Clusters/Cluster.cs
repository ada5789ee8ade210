using System.Diagnostics;
using System.Globalization;
using ControlPlane.Histories;
using ControlPlane.Links;

namespace ControlPlane.Clusters;

/// <summary>The processes of <c>scripts/cluster</c>, with a link that can fail before Redis and before each silo's port for gateways.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private const int FirstPort = 8401;

    private readonly string _root;
    private bool _keeps;

    private Cluster(string root, string folder, bool keeps) => (_root, Folder, _keeps) = (root, folder, keeps);

    public string Folder { get; }

    public string Token { get; private set; } = "";

    public static IReadOnlyList<Uri> Gateways { get; } = [new($"http://localhost:{FirstPort}"), new($"http://localhost:{FirstPort + 1}")];

    /// <summary>Where another gateway of this host answers.</summary>
    public static Uri Successor { get; } = new($"http://localhost:{FirstPort + 20}");

    /// <summary>When the cause of the fault at hand was taken away, by the clock of the history; null: it was not said.</summary>
    public long? Mended { get; private set; }

    public void Mend(bool isDone = true) => Mended = isDone ? History.Now : null;

    public Link Redis { get; } = new(FirstPort + 8);

    /// <summary>From gateways to each silo.</summary>
    public IReadOnlyList<Link> Silos { get; } = [new(FirstPort + 6), new(FirstPort + 7)];

    public static async Task<Cluster> StartAsync(string root, string? folder)
    {
        var cluster = new Cluster(root, folder ?? Directory.CreateTempSubdirectory("chaos-").FullName, folder is not null);
        try
        {
            await cluster.UpAsync();
            cluster.Token = (await File.ReadAllTextAsync(Path.Combine(cluster.Folder, "owner.token"))).Trim();
            return cluster;
        }
        catch
        {
            // Its logs say why it did not start; its processes would be in the way of the next.
            cluster._keeps = true;
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts what does not run, and waits until all are ready.</summary>
    public Task UpAsync(params (string Name, string Value)[] settings) => ScriptAsync("up", settings);

    /// <exception cref="InvalidOperationException">It does not run: the fault would be none.</exception>
    public async Task SignalAsync(string process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", await IdAsync(process)]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0)
        {
            _keeps = true;
            throw new InvalidOperationException($"{process} could not be sent {signal}: it does not run. {Path.Combine(Folder, process)}.log");
        }
    }

    /// <summary>Kills a process and waits until it is gone.</summary>
    public async Task KillAsync(string process)
    {
        await SignalAsync(process, "KILL");
        await GoneAsync(process);
    }

    /// <summary>Waits until a process has ended, or for as long as that.</summary>
    public async Task GoneAsync(string process, TimeSpan? atMost = null)
    {
        var status = $"/proc/{await IdAsync(process)}/stat";
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < (atMost ?? TimeSpan.MaxValue) && File.Exists(status) && !(await File.ReadAllTextAsync(status)).Contains(") Z", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <exception cref="InvalidOperationException">A process that nobody ended has ended, as silos do that were declared dead.</exception>
    public async Task MustRunAsync()
    {
        foreach (var process in new[] { "silo1", "silo2", "gateway1", "gateway2", "worker1", "worker2" })
        {
            if (!File.Exists($"/proc/{await IdAsync(process)}/stat"))
            {
                _keeps = true;
                throw new InvalidOperationException($"{process} has ended by itself: {Path.Combine(Folder, process)}.log");
            }
        }
    }

    /// <summary>Another gateway on this host, of the same configuration; it answers when this returns.</summary>
    public async Task<Process> StartSuccessorAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(_root, "Gateway", "bin", Environment.GetEnvironmentVariable("CLUSTER_CONFIGURATION") ?? "Release", "net10.0", "ControlPlane.Gateway"))
        {
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_URLS"] = Successor.ToString();
        start.Environment["Redis__Connection"] = $"127.0.0.1:{Redis.Port}";
        start.Environment["Redis__Password"] = (await File.ReadAllTextAsync(Path.Combine(Folder, "redis.password"))).Trim();
        var process = Process.Start(start) ?? throw new InvalidOperationException("The gateway did not start.");
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var tries = 0; ; tries++)
        {
            try
            {
                await client.GetStringAsync(new Uri(Successor, "/health/ready"));
                return process;
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && tries < 200)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    public async Task<string> LogAsync(string process) => await File.ReadAllTextAsync(Path.Combine(Folder, $"{process}.log"));

    public async ValueTask DisposeAsync()
    {
        await ScriptAsync("down", []);
        await Redis.DisposeAsync();
        foreach (var silo in Silos)
        {
            await silo.DisposeAsync();
        }

        if (!_keeps)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private async Task<string> IdAsync(string process) => (await File.ReadAllTextAsync(Path.Combine(Folder, $"{process}.pid"))).Trim();

    private async Task ScriptAsync(string verb, (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo(Path.Combine(_root, "scripts", "cluster"), [verb]) { RedirectStandardOutput = true, RedirectStandardError = true };
        (string Name, string Value)[] own =
        [
            ("CLUSTER_DIR", Folder), ("CLUSTER_PORT", FirstPort.ToString(CultureInfo.InvariantCulture)), ("CLUSTER_BUILT", "1"),
            ("CLUSTER_REDIS_VIA", Redis.Port.ToString(CultureInfo.InvariantCulture)), ("CLUSTER_SILOS_VIA", $"{Silos[0].Port} {Silos[1].Port}"),
            ("CLUSTER_WORKER_OPTIONS", "--github-core-limit 100000000"), ("Workspaces__SessionsPerMinute", "100000"),

            // All of them call from one address, and half of their keys are revoked ones.
            ("Gateway__RefusedTokensPerMinute", "1000000"),
        ];
        foreach (var (name, value) in own.Concat(settings))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("scripts/cluster did not start.");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            // The logs say why.
            _keeps = true;
            throw new InvalidOperationException($"scripts/cluster {verb}: {await output}{await error}");
        }
    }
}
