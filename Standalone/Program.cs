using ControlPlane;

try
{
    var options = StartOptions.Parse(args, Environment.GetEnvironmentVariable("ASPNETCORE_URLS"));
    if (options.Help)
    {
        Console.WriteLine(StartOptions.Usage);
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
