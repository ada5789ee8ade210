using System.Runtime.InteropServices;
using ControlPlane.GitHub;
using ControlPlane.Workers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

// --data <directory> [--data-url http://127.0.0.1:0] [--control-url http://127.0.0.1:0] [--capacity 1000] [--github-core-limit 5000]
// Alone, it takes its secret from the environment; with --join http://silo:5100[;…] it registers at a silo with ARCHAL_JOIN_TOKEN and is
// given one ([--control-address …] [--data-address …] say how others reach it). A command line is seen by everybody on the machine.
const string SecretVariable = "ARCHAL_WORKER_SECRET";

var given = new ConfigurationBuilder().AddCommandLine(args).Build();
var secret = Environment.GetEnvironmentVariable(SecretVariable);
if (given["data"] is not { Length: > 0 } directory || (secret is not { Length: > 0 } && given["join"] is null))
{
    Console.Error.WriteLine($"Needed: --data <directory>, and {SecretVariable} in the environment or --join <silo>.");
    return 2;
}

using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
var stop = new TaskCompletionSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    var join = JoinOptions.Read(given, Environment.GetEnvironmentVariable(JoinOptions.TokenVariable));
    var defaults = new CloneWorkerOptions { DataDirectory = directory, Secret = join is null ? secret : null };
    await using var worker = await CloneWorker.StartAsync(defaults with
    {
        DataUrl = given["data-url"] ?? defaults.DataUrl,
        ControlUrl = given["control-url"] ?? defaults.ControlUrl,
        Capacity = Number("capacity", defaults.Capacity),
        GitHub = new GitHubOptions { CoreLimit = Number("github-core-limit", defaults.GitHub.CoreLimit) },
        LoggerFactory = loggers,
    });
    Console.WriteLine($"ready {worker.WorkerId} data={worker.DataAddress} control={worker.ControlAddress}");
    await WaitAsync(worker, join);
    return 0;
}
catch (Exception exception) when (exception is IOException or ArgumentException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

async Task WaitAsync(CloneWorker worker, JoinOptions? join)
{
    if (join is null)
    {
        await stop.Task;
        return;
    }

    using var presence = new Presence(worker, join, TimeProvider.System, loggers.CreateLogger<Presence>());
    using var stopping = new CancellationTokenSource();
    var running = presence.RunAsync(stopping.Token);
    await stop.Task;
    await stopping.CancelAsync();
    await running;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.TrySetResult();
}

int Number(string name, int otherwise) => given[name] is not { } text ? otherwise
    : int.TryParse(text, out var number) ? number
    : throw new ArgumentException($"--{name} is not a number: {text}");
