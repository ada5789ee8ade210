using System.Diagnostics;
using System.Security.Cryptography;
using ControlPlane.Journals;

namespace ControlPlane.Workers;

/// <summary>The worker as its own process, to be killed.</summary>
public sealed class WorkerProcess : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _secret = RandomNumberGenerator.GetHexString(32);
    private Process? _process;

    public Client Client { get; private set; } = null!; // There once started.

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(CloneWorker).Assembly.Location);
        start.ArgumentList.Add("--data");
        start.ArgumentList.Add(_directory.Path);
        start.ArgumentList.Add("--github-core-limit");
        start.ArgumentList.Add("1000000");
        start.Environment["ARCHAL_WORKER_SECRET"] = _secret;
        _process = Process.Start(start)!;
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is ["ready", _, var data, var control])
            {
                Client = new Client(new Uri(data["data=".Length..]), new Uri(control["control=".Length..]), _secret);
                return;
            }
        }

        throw new InvalidOperationException("The worker ended before it was ready.");
    }

    /// <summary>SIGKILL; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Client.Dispose();
    }

    public void Dispose()
    {
        if (_process is { } process)
        {
            try
            {
                process.Kill();
                process.WaitForExit();
                process.Dispose();
            }
            catch (InvalidOperationException)
            {
                // Killed and disposed of before.
            }
        }

        _directory.Dispose();
    }
}
