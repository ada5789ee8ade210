namespace ControlPlane.Simulation;

/// <summary>The tests' assembly as a program: runs schedules of the simulation until time, seeds or a guarantee ends them.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (SimulationOptions.Parse(arguments, out var problem) is not { } options)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }

        return options.Workers > 1 ? Workers.Run(options) : new Runner(options, Console.Out).Run();
    }
}
