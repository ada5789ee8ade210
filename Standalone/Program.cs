using ControlPlane;
using ControlPlane.Operations;

try
{
    var options = StartOptions.Parse(args, Environment.GetEnvironmentVariable("ASPNETCORE_URLS"));
    if (options.Help)
    {
        Console.WriteLine(StartOptions.Usage);
        return 0;
    }

    if (options.Restore is { } backup)
    {
        Restore.Run(backup, options.Data, TimeProvider.System.GetUtcNow(), Console.Out);
        return 0;
    }

    await using var host = await StandaloneHost.StartAsync(options);
    host.Greet(Console.Out);
    await host.WaitForShutdownAsync();
    return 0;
}
catch (StartException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
