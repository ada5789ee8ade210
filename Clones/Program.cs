using System.Runtime.InteropServices;
using ControlPlane;
using ControlPlane.Workers;
using Microsoft.Extensions.Logging;

// By itself:    --data <directory>, and its secret in ARCHAL_WORKER_SECRET
// In a cluster: --data <directory> --join http://<silo>:<port>[,…], and the join token in ARCHAL_JOIN_TOKEN
//               [--advertise-data http://<host>:<port>] [--advertise-control http://<host>:<port>]
// Both:         [--data-url http://127.0.0.1:0] [--control-url http://127.0.0.1:0] [--capacity 1000] [--body-mebibytes 128] [--github-core-limit 5000]
//               [--DataLimits:MaxConnections=10000] [--ControlLimits:…]: see LimitOptions
using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true).Services.DropWhatNobodyReads());
using var telemetry = TelemetryExport.Start("archal-worker");
using var stop = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    var given = new WorkerArguments(args, Environment.GetEnvironmentVariable);
    var options = given.Worker with { LoggerFactory = loggers };
    if (given.Join is { } join)
    {
        await using var joined = await JoinedWorker.StartAsync(options, join, stop.Token);
        await ServeAsync(joined.Worker);
    }
    else
    {
        await using var alone = await CloneWorker.StartAsync(options, stop.Token);
        await ServeAsync(alone);
    }

    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    // It was told to stop before it had started.
    return 0;
}
catch (UsageException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException or JoinRefusedException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

async Task ServeAsync(CloneWorker worker)
{
    Console.WriteLine($"ready {worker.WorkerId} data={worker.DataAddress} control={worker.ControlAddress}");
    var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    await using var registration = stop.Token.Register(told.SetResult);
    await told.Task;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
