namespace ControlPlane.Simulation;

/// <summary>What happened in a schedule, line by line, when somebody wants to read it.</summary>
internal sealed class Trace(Func<long> now, bool isOn)
{
    private readonly List<string> _lines = [];

    public bool IsOn => isOn;

    public IReadOnlyList<string> Lines => _lines;

    public void Note(string name, string id, string what)
    {
        if (isOn)
        {
            Add($"clients {name} {id}: {what}");
        }
    }

    public void Add(string line) => _lines.Add($"{TimeSpan.FromTicks(now()).TotalMilliseconds,10:F2} {line}");
}

/// <summary>A guarantee did not hold.</summary>
internal sealed class Violation(string checker, string what) : Exception($"{checker}: {what}")
{
    public string Checker { get; } = checker;
}
