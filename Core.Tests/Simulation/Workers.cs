using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ControlPlane.Simulation;

/// <summary>Shares the seeds among processes: each has one thread of simulation. The first that finds something ends the others.</summary>
internal static class Workers
{
    public static int Run(SimulationOptions options)
    {
        var exits = new BlockingCollection<int>();
        var processes = Enumerable.Range(0, options.Workers).Select(index => Start(options, index, exits)).ToList();
        var code = 0;
        for (var ended = 0; ended < processes.Count && code == 0; ended++)
        {
            code = exits.Take();
        }

        foreach (var process in processes)
        {
            if (code != 0 && !process.HasExited)
            {
                process.Kill();
            }

            process.WaitForExit();
            process.Dispose();
        }

        return code;
    }

    private static Process Start(SimulationOptions options, int index, BlockingCollection<int> exits)
    {
        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
        List<string> arguments =
        [
            typeof(Workers).Assembly.Location, "simulate", "--seeds", $"{Text(options.From + index)}..{Text(options.To)}",
            "--stride", Text(options.Workers), "--events", Text(options.Events), "--workers", "1", "--slowest", Text(options.Slowest),
        ];
        if (options.Time is { } time)
        {
            arguments.AddRange(["--seconds", Text((long)time.TotalSeconds)]);
        }

        var process = new Process
        {
            StartInfo = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true },
            EnableRaisingEvents = true,
        };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                Console.WriteLine(text);
            }
        };
        process.Exited += (_, _) => exits.Add(process.ExitCode);
        process.Start();
        process.BeginOutputReadLine();
        return process;
    }
}
