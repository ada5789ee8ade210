using System.Diagnostics.Metrics;
using System.Reflection;
using ControlPlane.Running;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Telemetry;

/// <summary>What assemblies log and measure, found by reflection, beside what docs/operations.md says of it.</summary>
internal static class DocumentedNames
{
    private const BindingFlags Everything =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The rows of all tables in docs/operations.md, cell by cell.</summary>
    public static IReadOnlyList<string[]> Rows { get; } =
    [
        .. File.ReadLines(Path.Combine(Tool.Root, "docs", "operations.md")).Where(line => line.StartsWith('|'))
            .Select(line => line.Trim('|', ' ').Split('|').Select(cell => cell.Trim()).ToArray()),
    ];

    public static IReadOnlyList<LoggerMessageAttribute> Events(IEnumerable<Assembly> assemblies) =>
    [
        .. assemblies.SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMethods(Everything))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>(),
    ];

    public static IReadOnlyList<Instrument> Instruments(IEnumerable<Assembly> assemblies) =>
    [
        .. assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(Everything))
            .Where(field => field.IsStatic && typeof(Instrument).IsAssignableFrom(field.FieldType))
            .Select(field => (Instrument)field.GetValue(null)!),
    ];

    /// <summary>Each event has an id and a name of its own, and a row that says what to do; no row speaks of an event that is not.</summary>
    public static void CheckEvents(IReadOnlyList<LoggerMessageAttribute> events)
    {
        Assert.All(events, logged =>
        {
            Assert.True(logged.EventId > 0 && logged.EventName is { Length: > 0 }, $"has no id or name: {logged.Message}");
            Assert.True(
                Rows.Any(row => row is [var id, var name, _, { Length: > 0 }, { Length: > 0 }] && id == $"{logged.EventId}" && name == $"`{logged.EventName}`"),
                $"docs/operations.md has no row for {logged.EventId} {logged.EventName}");
        });
        Assert.Equal(events.Count, events.Select(logged => logged.EventId).Distinct().Count());
        Assert.Equal(events.Count, events.Select(logged => logged.EventName).Distinct().Count());
    }

    /// <summary>Each instrument has a name of its own, a unit, and a row that says what to do.</summary>
    public static void CheckInstruments(IReadOnlyList<Instrument> instruments)
    {
        Assert.All(instruments, instrument =>
        {
            Assert.Equal(Signals.Name, instrument.Meter.Name);
            Assert.Matches("^archal(\\.[a-z][a-z_]*)+$", instrument.Name);
            Assert.NotEmpty(instrument.Description ?? "");
            Assert.True(
                Rows.Any(row => row is [var name, var unit, _, _, { Length: > 0 }, { Length: > 0 }] && name == $"`{instrument.Name}`" && unit == instrument.Unit),
                $"docs/operations.md has no row for {instrument.Name} in {instrument.Unit}");
        });
        Assert.Equal(instruments.Count, instruments.Select(instrument => instrument.Name).Distinct().Count());
    }

    /// <summary>The tags that a metric may have, as its row names them, each with its words; no words: they are listed elsewhere.</summary>
    public static IReadOnlyDictionary<string, string[]> Tags(string metric)
    {
        var row = Assert.Single(Rows, row => row[0] == $"`{metric}`");
        return System.Text.RegularExpressions.Regex.Matches(row[2], @"`([a-z]+)`(?: \(([a-z_, ]+)\))?")
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries));
    }
}
