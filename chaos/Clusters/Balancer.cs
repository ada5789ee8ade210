using System.Diagnostics;
using System.Globalization;

namespace ControlPlane.Clusters;

/// <summary>nginx with <c>deploy/nginx.conf</c> as it is shipped, before the gateways; only names and ports are those of this machine.</summary>
public sealed class Balancer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private Balancer(Process process, string folder) => (_process, _folder) = (process, folder);

    public static Uri Url { get; } = new("http://localhost:8430");

    public static async Task<Balancer> StartAsync(string root)
    {
        var folder = Directory.CreateTempSubdirectory("balancer-").FullName;
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(Path.Combine(root, "deploy", "nginx.conf")))
            .Replace("gateway1:8080", $"127.0.0.1:{Cluster.Gateways[0].Port}", StringComparison.Ordinal)
            .Replace("gateway2:8080", $"127.0.0.1:{Cluster.Gateways[1].Port}", StringComparison.Ordinal)
            .Replace("listen 8080;", $"listen 127.0.0.1:{Url.Port};", StringComparison.Ordinal));
        return new Balancer(Process.Start("nginx", ["-p", folder, "-c", file, "-g", $"daemon off; pid {folder}/pid; error_log {folder}/error.log;"]), folder);
    }

    public async ValueTask DisposeAsync()
    {
        using var stop = Process.Start("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
