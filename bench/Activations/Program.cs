using System.Globalization;
using ControlPlane;
using ControlPlane.Entities;
using ControlPlane.Hosting;
using ControlPlane.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

// <silo port> <gateway port> <count>: what a session costs a silo in managed memory, active and after its activation has gone. One silo with the
// grains as they are shipped; a store that keeps nothing stands for Redis.
var (silo, gateway, count) = (Whole(args[0]), Whole(args[1]), Whole(args[2]));
var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.UseOrleans(orleans =>
{
    orleans.UseLocalhostClustering(silo, gateway);
    orleans.UseInMemoryReminderService();
    orleans.AddEntities();
    orleans.Services.AddKeyedSingleton<IGrainStorage>(EntityServices.StorageName, new PretendedStore(TimeProvider.System.GetUtcNow()));
    orleans.Services.AddSingleton<IWorkerPorts, NoPorts>();
});
using var host = builder.Build();
await host.StartAsync();
var entities = host.Services.GetRequiredService<IEntities>();
var management = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
using var stopping = new CancellationTokenSource();
var beating = BeatAsync();

// Code and the alarms' grains come first: they are there once.
await Measured.EachAsync(2000, 64, number => AuthorizeAsync(count + number));
await management.ForceActivationCollection(TimeSpan.Zero);
var before = Measured.Heap();
var took = await Measured.EachAsync(count, 256, AuthorizeAsync);
var active = Measured.Heap() - before;
Say("active, its alarm included", active);
Console.WriteLine($"| {count} | a first authorize, 256 at once, no store | {Measured.Text(took)} |");
took = await Measured.EachAsync(Math.Min(count, 10_000), 1, AuthorizeAsync);
Console.WriteLine($"| {count} | an authorize more, one at a time, no store | {Measured.Text(took)} |");
await management.ForceActivationCollection(TimeSpan.Zero);
Say("deactivated, its alarm included", Measured.Heap() - before);
await stopping.CancelAsync();
await beating.ContinueWith(_ => { }, TaskScheduler.Default);
await host.StopAsync();

Task AuthorizeAsync(int number) => entities.Session(Made.Id(number)).AuthorizeAsync(
    Made.Caller, "github", "sys.client/00000000000000000000000000000001+00000000000000000000000000000002", fresh: false);

void Say(string what, long bytes) => Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"| {count} | {what} | {bytes / (double)count:F0} B a session |"));

async Task BeatAsync()
{
    while (true)
    {
        await entities.Workers.RegisterAsync(Made.Worker);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, stopping.Token);
    }
}

static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

internal sealed class NoPorts : IWorkerPorts
{
    public IWorker Port(string workerId) => throw new NotSupportedException("No session is started or stopped here.");
}
