namespace ControlPlane;

/// <summary>How many files and sockets this process may have open.</summary>
internal static class Descriptors
{
    /// <summary>The runtime raises the soft limit to the hard one when it starts. Where it cannot be read it is not what runs out first.</summary>
    public static int Most { get; } = Read("/proc/self/limits");

    private static int Read(string file)
    {
        const string Row = "Max open files";
        try
        {
            var row = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(Row, StringComparison.Ordinal));
            return row is not null && int.TryParse(row[Row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], out var soft) ? soft : int.MaxValue;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return int.MaxValue;
        }
    }
}
