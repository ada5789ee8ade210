using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ControlPlane.Workers;

/// <summary>The real worker as a process of its own, over one data directory however often it is started.</summary>
internal sealed partial class JoinedProcess(params Uri[] silos) : IAsyncDisposable
{
    private const int Terminate = 15;

    private Process? _process;

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("worker-").FullName;

    public string Token { get; init; } = TestSilo.JoinToken;

    public string[] More { get; init; } = [];

    public string WorkerId { get; private set; } = "";

    public Uri Data { get; private set; } = new("http://127.0.0.1:9");

    /// <summary>When this returns, it has registered.</summary>
    public async Task StartAsync()
    {
        Launch();
        while (await Running.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is ["ready", var id, var data, _])
            {
                (WorkerId, Data) = (id, new Uri(data["data=".Length..]));
                _ = Running.StandardOutput.ReadToEndAsync();
                return;
            }
        }

        throw new InvalidOperationException($"The worker ended before it was ready: {await Running.StandardError.ReadToEndAsync()}");
    }

    /// <summary>What a worker says that does not get so far.</summary>
    public async Task<(int Code, string Error)> FailAsync()
    {
        Launch();
        _ = Running.StandardOutput.ReadToEndAsync();
        var error = await Running.StandardError.ReadToEndAsync();
        await Running.WaitForExitAsync();
        return (Running.ExitCode, error);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        Running.Kill();
        await Running.WaitForExitAsync();
    }

    /// <summary>SIGTERM; gives its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        Assert.Equal(0, Signal(Running.Id, Terminate));
        await Running.WaitForExitAsync();
        return Running.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private Process Running => _process ?? throw new InvalidOperationException("It has not been started.");

    private void Launch()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(CloneWorker).Assembly.Location, "--data", Directory, "--join", string.Join(',', silos.Select(silo => silo.ToString())), .. More])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ARCHAL_JOIN_TOKEN"] = Token;
        _process?.Dispose();
        _process = Process.Start(start);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);
}
