using ControlPlane;
using ControlPlane.Entities;
using ControlPlane.Workers;

// The one-process host as it is shipped, and one more worker in its pool: --origin <control port>,<data port>, before the host's own options.
// With BENCH_HEAP=<file> it writes there, every two seconds, the bytes of managed memory that are left after a full collection.
var ports = args[1].Split(',');
await using var host = await StandaloneHost.StartAsync(StartOptions.Parse(args[2..], null));
var address = new WorkerAddress(new Uri($"http://127.0.0.1:{ports[0]}"), new Uri($"http://127.0.0.1:{ports[1]}"), "none");
var heartbeat = new WorkerHeartbeat(
    host.Services.GetRequiredService<WorkerClients>(), address, host.Services.GetRequiredService<IEntities>().Workers, TimeProvider.System,
    host.Services.GetRequiredService<ILogger<WorkerHeartbeat>>());
_ = heartbeat.RunAsync(TimeSpan.FromSeconds(3), CancellationToken.None);
if (Environment.GetEnvironmentVariable("BENCH_HEAP") is { Length: > 0 } file)
{
    _ = SampleHeapAsync(file);
}

host.Greet(Console.Out);
await host.WaitForShutdownAsync();

static async Task SampleHeapAsync(string file)
{
    while (true)
    {
        await File.WriteAllTextAsync(file, GC.GetTotalMemory(forceFullCollection: true).ToString(System.Globalization.CultureInfo.InvariantCulture));
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
    }
}
