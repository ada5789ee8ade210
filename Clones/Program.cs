using System.Runtime.InteropServices;
using ControlPlane.GitHub;
using ControlPlane.Workers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

// --data <directory> [--data-url http://127.0.0.1:0] [--control-url http://127.0.0.1:0] [--capacity 1000] [--github-core-limit 5000]
// The secret comes from the environment alone: a command line is seen by everybody on the machine.
const string SecretVariable = "ARCHAL_WORKER_SECRET";

var given = new ConfigurationBuilder().AddCommandLine(args).Build();
if (given["data"] is not { Length: > 0 } directory || Environment.GetEnvironmentVariable(SecretVariable) is not { Length: > 0 } secret)
{
    Console.Error.WriteLine($"Needed: --data <directory>, and {SecretVariable} in the environment.");
    return 2;
}

using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
var stop = new TaskCompletionSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    var defaults = new CloneWorkerOptions { DataDirectory = directory, Secret = secret };
    await using var worker = await CloneWorker.StartAsync(defaults with
    {
        DataUrl = given["data-url"] ?? defaults.DataUrl,
        ControlUrl = given["control-url"] ?? defaults.ControlUrl,
        Capacity = Number("capacity", defaults.Capacity),
        GitHub = new GitHubOptions { CoreLimit = Number("github-core-limit", defaults.GitHub.CoreLimit) },
        LoggerFactory = loggers,
    });
    Console.WriteLine($"ready {worker.WorkerId} data={worker.DataAddress} control={worker.ControlAddress}");
    await stop.Task;
    return 0;
}
catch (Exception exception) when (exception is IOException or ArgumentException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.TrySetResult();
}

int Number(string name, int otherwise) => given[name] is not { } text ? otherwise
    : int.TryParse(text, out var number) ? number
    : throw new ArgumentException($"--{name} is not a number: {text}");
