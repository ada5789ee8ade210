using System.Diagnostics;
using System.Globalization;

namespace ControlPlane.Histories;

/// <summary>All operations of a run, in the order in which they returned.</summary>
public sealed class History
{
    private readonly Lock _gate = new();
    private readonly List<Operation> _operations = [];

    /// <summary>The clock of every time in a history, in microseconds.</summary>
    public static long Now => Microseconds(Stopwatch.GetTimestamp());

    /// <summary>Not timestamp * 10^6 / frequency: where a tick is a nanosecond that overflows after two and a half hours of the machine.</summary>
    internal static long Microseconds(long timestamp) => (long)Stopwatch.GetElapsedTime(0, timestamp).TotalMicroseconds;

    public void Add(Operation operation)
    {
        lock (_gate)
        {
            _operations.Add(operation);
        }
    }

    public IReadOnlyList<Operation> Snapshot()
    {
        lock (_gate)
        {
            return [.. _operations];
        }
    }

    /// <summary>A line an operation: kind, key, session, gateway, invoked, returned, verdict.</summary>
    public static async Task SaveAsync(IEnumerable<Operation> operations, string file)
    {
        await using var writer = new StreamWriter(file);
        foreach (var (kind, key, session, gateway, invoked, returned, verdict) in operations)
        {
            await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{kind},{key},{session},{gateway},{invoked},{returned},{verdict}"));
        }
    }

    /// <exception cref="FormatException">A line is not of a history.</exception>
    public static IEnumerable<Operation> Load(string file) => File.ReadLines(file).Select(static (line, index) =>
        line.Split(',') is [var kind, var key, var session, var gateway, var invoked, var returned, var verdict]
        && Enum.TryParse<OperationKind>(kind, out var known)
        && long.TryParse(invoked, CultureInfo.InvariantCulture, out var from) && long.TryParse(returned, CultureInfo.InvariantCulture, out var to)
            ? new Operation(known, key, session, gateway, from, to, verdict)
            : throw new FormatException($"Line {index + 1} is not an operation: {line}"));
}
