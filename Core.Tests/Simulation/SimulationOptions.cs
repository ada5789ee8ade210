using System.Globalization;

namespace ControlPlane.Simulation;

/// <summary>What to run.</summary>
/// <param name="Stride">Of so many processes this is one: it takes each so-manyth seed.</param>
/// <param name="Slowest">How many of the schedules that took longest are named at the end.</param>
internal sealed record SimulationOptions(long From, long To, TimeSpan? Time, int Events, int Workers, int Stride, bool Trace, int Slowest = 0)
{
    private const string Usage = """
        simulate [--seeds FROM..TO] [--seconds N] [--events 200] [--workers 2] [--slowest N] [--seed S --trace]

          --seeds    which schedules, the last included; without an end: from 1 on
          --seconds  for how long; without seeds and seconds: 60
          --events   how many events a schedule has
          --workers  how many processes share the work
          --slowest  how many schedules each process names that took longest, by the clock
          --seed     one schedule alone; with --trace all that happens in it is told
        """;

    /// <summary>Null: they are wrong, and <paramref name="problem"/> says how.</summary>
    public static SimulationOptions? Parse(string[] arguments, out string problem)
    {
        var options = new SimulationOptions(1, long.MaxValue, null, 200, 1, 1, false);
        problem = Usage;
        if (arguments is not ["simulate", ..])
        {
            return null;
        }

        for (var index = 1; index < arguments.Length; index++)
        {
            if (arguments[index] == "--trace")
            {
                options = options with { Trace = true };
                continue;
            }

            var value = index + 1 < arguments.Length ? arguments[index + 1] : "";
            var ends = value.Split("..");
            var isNumber = long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            var last = number;
            isNumber &= ends.Length == 1 || (ends.Length == 2 && long.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out last));
            if (!isNumber || With(options, arguments[index], number, last) is not { } next)
            {
                return null;
            }

            (options, index) = (next, index + 1);
        }

        return options.Time is null && options.To == long.MaxValue ? options with { Time = TimeSpan.FromSeconds(60) } : options;
    }

    private static SimulationOptions? With(SimulationOptions options, string name, long number, long last) => name switch
    {
        "--seeds" => options with { From = number, To = last },
        "--seed" => options with { From = number, To = number, Workers = 1 },
        "--seconds" => options with { Time = TimeSpan.FromSeconds(number) },
        "--events" => options with { Events = (int)number },
        "--workers" when number > 0 => options with { Workers = (int)number },
        "--slowest" => options with { Slowest = (int)number },
        "--stride" when number > 0 => options with { Stride = (int)number },
        _ => null,
    };
}
