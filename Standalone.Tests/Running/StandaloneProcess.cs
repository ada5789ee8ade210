using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace ControlPlane.Running;

/// <summary>The built program, running as its users run it: a process of its own, on a port and a data directory of its own.</summary>
public sealed partial class StandaloneProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly List<string> _errors = [];
    private TaskCompletionSource _logged = NewSignal();
    private readonly bool _keepData;

    private StandaloneProcess(Process process, string data, bool keepData) => (_process, Data, _keepData) = (process, data, keepData);

    /// <summary>The public address, such as <c>http://127.0.0.1:40123</c>.</summary>
    public Uri Url { get; private set; } = new("http://localhost");

    public string Data { get; }

    public int Id => _process.Id;

    /// <summary>All that was printed for people.</summary>
    public string Greeting { get; private set; } = "";

    /// <summary>All that was logged so far.</summary>
    public string Log
    {
        get
        {
            lock (_errors)
            {
                return string.Join('\n', _errors);
            }
        }
    }

    /// <summary>Waits until something is in the log; what is written to it may arrive after the answer that it is about.</summary>
    public async Task LoggedAsync(string text)
    {
        using var limit = new CancellationTokenSource(StartsWithin);
        while (true)
        {
            Task next;
            lock (_errors)
            {
                if (_errors.Exists(line => line.Contains(text, StringComparison.Ordinal)))
                {
                    return;
                }

                next = _logged.Task;
            }

            await next.WaitAsync(limit.Token);
        }
    }

    /// <summary>The first owner's token, as its user reads it.</summary>
    public string OwnerToken => File.ReadAllText(Path.Combine(Data, "owner.token")).Trim();

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "ControlPlane.Standalone.dll");

    /// <param name="data">An existing data directory, which is then kept; null: a new one, which goes with the process.</param>
    public static Task<StandaloneProcess> StartAsync(string? data = null, params string[] settings) =>
        StartAsync(data, new Dictionary<string, string>(), settings);

    /// <param name="environment">Variables that it is given beside those of the tests.</param>
    public static Task<StandaloneProcess> StartInAsync(IReadOnlyDictionary<string, string> environment, params string[] settings) =>
        StartAsync(null, environment, settings);

    private static async Task<StandaloneProcess> StartAsync(string? data, IReadOnlyDictionary<string, string> environment, string[] settings)
    {
        var directory = data ?? Directory.CreateTempSubdirectory("control-plane-").FullName;
        var process = Launch(["--urls", "http://127.0.0.1:0", "--data", directory, .. settings], environment);
        var running = new StandaloneProcess(process, directory, data is not null);
        process.ErrorDataReceived += (_, line) =>
        {
            lock (running._errors)
            {
                running._errors.Add(line.Data ?? "");
                running._logged.TrySetResult();
                running._logged = NewSignal();
            }
        };
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(StartsWithin);
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            lines.Add(line);
            if (line.StartsWith("Ctrl-C", StringComparison.Ordinal))
            {
                running.Greeting = string.Join('\n', lines);
                running.Url = new Uri(Address().Match(running.Greeting).Value);
                return running;
            }
        }

        // With it comes the rest of what it said.
        await process.WaitForExitAsync(limit.Token);
        throw new InvalidOperationException($"It did not start, and ended with {process.ExitCode}: {string.Join('\n', lines)} {running.Log}");
    }

    /// <summary>Runs the program until it ends by itself, for starts that must fail.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Launch(arguments);
        using var limit = new CancellationTokenSource(StartsWithin);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>A client of the management API and of clones, with a token as its bearer.</summary>
    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Url };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>As a crash does: nothing is finished.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the exit code that follows it.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(StartsWithin);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        if (!_keepData)
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    internal static Process Launch(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment.Remove("ASPNETCORE_URLS");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [GeneratedRegex(@"http://[^\s/]+:\d+")]
    private static partial Regex Address();
}
