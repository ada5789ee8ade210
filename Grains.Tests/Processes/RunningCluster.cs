using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace ControlPlane.Processes;

/// <summary>Redis, two silos, two gateways and two workers as processes of their own, started as an operator starts them.</summary>
public class RunningCluster : IAsyncLifetime
{
    private readonly string _root = Root();
    private readonly string _directory = Directory.CreateTempSubdirectory("cluster-").FullName;
    private readonly string _start;
    private readonly int _port;
    private readonly HttpClient _http;
    private string _token = "";

    public RunningCluster() : this("http", 8301, "up")
    {
    }

    protected RunningCluster(string scheme, int port, string start)
    {
        (_port, _start) = (port, start);
        One = new Uri($"{scheme}://localhost:{port}");
        Other = new Uri($"{scheme}://localhost:{port + 1}");
        _http = Client(new SocketsHttpHandler());
    }

    public Uri One { get; }

    public Uri Other { get; }

    /// <summary>The owner's.</summary>
    public string Token => _token;

    /// <summary>The folder that the cluster keeps everything in.</summary>
    public string Folder => _directory;

    /// <summary>A caller that trusts this cluster's certificate alone, if it has one.</summary>
    public HttpClient Client(SocketsHttpHandler handler)
    {
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) =>
            shown is not null && shown.GetCertHashString() == X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_directory, "tls", "certificate.pem")).GetCertHashString();
        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Variables that all its processes are given.</summary>
    protected virtual IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>();

    public virtual async Task InitializeAsync()
    {
        await RunAsync(_start);
        _token = (await File.ReadAllTextAsync(Path.Combine(_directory, "owner.token"))).Trim();

        // What is compiled and connected at the first call of all is not what a test is about.
        foreach (var gateway in new[] { One, Other })
        {
            await UntilAsync(() => SessionAsync(gateway));
        }
    }

    public virtual async Task DisposeAsync()
    {
        await RunAsync("down");
        Directory.Delete(_directory, recursive: true);
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts what does not run.</summary>
    public Task UpAsync() => RunAsync("up");

    /// <summary>Sends a signal to a process of the cluster.</summary>
    public async Task SignalAsync(string name, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id(name)]);
        await kill.WaitForExitAsync();
        await (signal == "KILL" ? GoneAsync(name) : Task.CompletedTask);
    }

    /// <summary>Waits until a process has ended.</summary>
    public async Task GoneAsync(string name)
    {
        var status = $"/proc/{Id(name)}/stat";
        while (File.Exists(status) && !(await File.ReadAllTextAsync(status)).Contains(") Z", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public async Task<string> SessionAsync(Uri gateway)
    {
        using var response = await SendAsync(HttpMethod.Post, new Uri(gateway, "/api/sessions"), new
        {
            clones = new[] { "github" }, seeds = new Dictionary<string, string> { ["github"] = "small-project" },
        });
        return await FieldAsync(response, "sessionId");
    }

    public async Task<(string Id, string Secret)> KeyAsync(Uri gateway)
    {
        using var response = await SendAsync(HttpMethod.Post, new Uri(gateway, "/api/workspaces/ws-default/api-keys"), new { label = "test" });
        return (await FieldAsync(response, "id"), await FieldAsync(response, "secret"));
    }

    /// <summary>How its answer says that it is true everywhere.</summary>
    public async Task<string> RevokeAsync(Uri gateway, string keyId)
    {
        using var response = await SendAsync(HttpMethod.Delete, new Uri(gateway, $"/api/workspaces/ws-default/api-keys/{keyId}"), null);
        return response.EnsureSuccessStatusCode().Headers.GetValues("x-archal-revocation").Single();
    }

    /// <summary>The status of a call to the clone of a session.</summary>
    public async Task<int> CallAsync(Uri gateway, string session, string key)
    {
        using var response = await CloneAsync(gateway, session, key);
        return (int)response.StatusCode;
    }

    /// <summary>A call to the clone of a session that must succeed; otherwise the test says whose answer it was.</summary>
    public async Task MustServeAsync(Uri gateway, string session, string key)
    {
        using var response = await CloneAsync(gateway, session, key);
        Assert.True(response.IsSuccessStatusCode, $"{gateway} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Asks again until it succeeds, and says how long that took.</summary>
    public static async Task<(T Answer, TimeSpan Took)> UntilAsync<T>(Func<Task<T>> ask)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return (await ask(), TimeProvider.System.GetElapsedTime(began));
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException
                && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    private async Task<HttpResponseMessage> CloneAsync(Uri gateway, string session, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, $"/runtime/{session}/github/api/user"));
        request.Headers.Add("x-route-authorization", $"Bearer {key}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "any");
        return await _http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri target, object? body)
    {
        using var request = new HttpRequestMessage(method, target) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        return await _http.SendAsync(request);
    }

    private static async Task<string> FieldAsync(HttpResponseMessage response, string name)
    {
        var text = await response.Content.ReadAsStringAsync();
        return !response.IsSuccessStatusCode ? throw new HttpRequestException($"It answered {(int)response.StatusCode}: {text}", null, response.StatusCode)
            : JsonDocument.Parse(text).RootElement.GetProperty(name).GetString() ?? "";
    }

    private string Id(string name) => File.ReadAllText(Path.Combine(_directory, $"{name}.pid")).Trim();

    private async Task RunAsync(string verb)
    {
        var start = new ProcessStartInfo(Path.Combine(_root, "scripts", "cluster"), verb.Split(' ')) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["CLUSTER_DIR"] = _directory;
        start.Environment["CLUSTER_PORT"] = _port.ToString(CultureInfo.InvariantCulture);
        start.Environment["CLUSTER_BUILT"] = "1";
        start.Environment["CLUSTER_CONFIGURATION"] = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("It did not start.");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"scripts/cluster {verb}: {await output}{await error}");
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ControlPlane.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run inside the repository.");
        }

        return folder.FullName;
    }
}
