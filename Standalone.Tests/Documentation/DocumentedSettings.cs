using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using ControlPlane.Running;

namespace ControlPlane.Documentation;

/// <summary>Settings as the option classes of assemblies have them, beside what docs/operations/settings.md says of them.</summary>
internal static class DocumentedSettings
{
    /// <summary>The rows about settings, cell by cell, by the setting's name.</summary>
    public static IReadOnlyDictionary<string, string[]> Rows { get; } = Table(5).Where(row => row[0].Contains(':')).ToDictionary(row => row[0].Trim('`'));

    /// <summary>Each row of a table with so many columns.</summary>
    public static IEnumerable<string[]> Table(int columns) =>
        from line in File.ReadLines(Path.Combine(Tool.Root, "docs", "operations", "settings.md"))
        where line.StartsWith("| `", StringComparison.Ordinal)
        let cells = line.Trim('|', ' ').Split('|').Select(cell => cell.Trim()).ToArray()
        where cells.Length == columns
        select cells;

    /// <summary>Each property that can be set has a row with its real default and range; no row of their sections speaks of one that is not.</summary>
    public static void Check(IEnumerable<Assembly> assemblies, int atLeast)
    {
        var options = assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && SectionOf(type) is not null).ToList();
        var found = options.SelectMany(
            type => type.GetProperties().Where(CanBeSet), (type, property) => (Name: $"{SectionOf(type)}:{property.Name}", Type: type, Property: property)).ToList();

        Assert.True(found.Count >= atLeast, $"Only {found.Count} were found.");
        Assert.All(found, setting =>
        {
            Assert.True(Rows.ContainsKey(setting.Name), $"docs/operations/settings.md has no row for {setting.Name}");
            var row = Rows[setting.Name];
            Assert.All(row, cell => Assert.NotEmpty(cell));
            CheckDefault(row[1], setting.Property.GetValue(Activator.CreateInstance(setting.Type)), setting.Name);
            CheckRange(row[2], setting.Property, setting.Name);
        });
        var sections = options.Select(SectionOf).ToHashSet();
        Assert.Equal(found.Select(setting => setting.Name).Order(), Rows.Keys.Where(name => sections.Contains(name.Split(':')[0])).Order());
    }

    private static void CheckDefault(string cell, object? value, string name)
    {
        var text = cell.Trim('`');
        var same = value switch
        {
            null => cell == "unset",
            "" => cell == "empty",
            IList list => list.Count == 0 && cell == "none",
            TimeSpan span => TimeSpan.Parse(text, CultureInfo.InvariantCulture) == span,
            bool flag => text == (flag ? "true" : "false"),
            _ => text == string.Create(CultureInfo.InvariantCulture, $"{value}"),
        };
        Assert.True(same, $"{name} is {value ?? "unset"} by default, and docs/operations/settings.md says {cell}");
    }

    private static void CheckRange(string cell, PropertyInfo property, string name)
    {
        var expected = property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{Bound(range, range.Minimum)} to {Bound(range, range.Maximum)}"
            : property.GetCustomAttribute<MinLengthAttribute>() is { } length ? $"{length.Length} characters or more"
            : property.PropertyType == typeof(bool) ? "true, false"
            : null;
        if (expected is not null)
        {
            var said = property.GetCustomAttribute<RangeAttribute>() is { } bounds
                ? string.Join(" to ", cell.Split(" to ").Select(bound => Bound(bounds, bound.Trim('`'))))
                : cell.Replace("`", "", StringComparison.Ordinal);
            Assert.True(said == expected, $"{name} is {expected}, and docs/operations/settings.md says {cell}");
        }
    }

    /// <summary>One way to write a bound, whoever wrote it.</summary>
    private static string Bound(RangeAttribute range, object bound)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{bound}");
        return range.OperandType == typeof(TimeSpan)
            ? TimeSpan.Parse(text, CultureInfo.InvariantCulture).ToString()
            : double.Parse(text, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }

    private static string? SectionOf(Type options) =>
        options.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string;

    private static bool CanBeSet(PropertyInfo property) =>
        property.GetMethod is { IsStatic: false } && (property.SetMethod is { IsPublic: true } || property.PropertyType == typeof(IList<string>));
}
