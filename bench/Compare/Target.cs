using System.Globalization;

namespace ControlPlane;

/// <summary>What is measured: a line of the file that bench/run writes, <c>name url pid[,pid…] [token]</c>.</summary>
internal sealed record Target(string Name, string Url, IReadOnlyList<int> Processes, string Token)
{
    /// <summary>Clock ticks a second in /proc: the kernel's USER_HZ is 100 on every Linux that there is.</summary>
    private const double Ticks = 100;

    public static Target Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var processes = words[2].Split(',').Select(word => int.Parse(word, CultureInfo.InvariantCulture));
        return new Target(words[0], words[1], [.. processes], words.Length > 3 ? words[3] : "none");
    }

    /// <summary>The processor time that its processes have used so far, in seconds.</summary>
    public double ProcessorSeconds => Processes.Sum(process =>
    {
        // The second word is the program's name and may hold spaces; after its bracket utime and stime are words 11 and 12.
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var words = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(words[11], CultureInfo.InvariantCulture) + long.Parse(words[12], CultureInfo.InvariantCulture)) / Ticks;
    });
}

/// <summary>What is asked of each.</summary>
internal sealed record Workload(string Name, string Path, string? Script)
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("small", "/api/widgets/4711", null),
        new("64k", "/api/blobs/64k", null),
        new(
            "post", "/api/widgets",
            "wrk.method='POST'; wrk.headers['Content-Type']='application/json'; wrk.body=string.rep('{\"name\":\"widget\"}', 60)"),
    ];
}
