using System.Diagnostics;
using System.Globalization;

namespace ControlPlane.Processes;

/// <summary>nginx with <c>deploy/nginx.conf</c> as it is; only names and ports are those of this machine.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private Balancer(Process process, string folder, Uri url) => (_process, _folder, Url) = (process, folder, url);

    public Uri Url { get; }

    public static async Task<Balancer> StartAsync(Uri one, Uri other)
    {
        var folder = Directory.CreateTempSubdirectory("balancer-").FullName;
        var port = FreePort.Next();
        var file = Path.Combine(folder, "nginx.conf");
        var configuration = (await File.ReadAllTextAsync(Path.Combine(RunningCluster.Root(), "deploy", "nginx.conf")))
            .Replace("gateway1:8080", $"127.0.0.1:{one.Port}", StringComparison.Ordinal)
            .Replace("gateway2:8080", $"127.0.0.1:{other.Port}", StringComparison.Ordinal)
            .Replace("listen 8080;", string.Create(CultureInfo.InvariantCulture, $"listen 127.0.0.1:{port};"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, configuration);

        var process = Process.Start("nginx", ["-p", folder, "-c", file, "-g", $"daemon off; pid {folder}/pid; error_log {folder}/error.log;"]);
        var balancer = new Balancer(process, folder, new Uri($"http://localhost:{port}"));
        await RunningCluster.UntilAsync(async () =>
        {
            if (process.HasExited)
            {
                Assert.Fail($"nginx ended: {await File.ReadAllTextAsync(Path.Combine(folder, "error.log"))}");
            }

            using var client = new HttpClient();
            return await client.GetStringAsync(new Uri(balancer.Url, "/health/ready"));
        });
        return balancer;
    }

    public async ValueTask DisposeAsync()
    {
        using var stop = Process.Start("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
