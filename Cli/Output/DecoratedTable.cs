using Spectre.Console;

namespace ControlPlane.Output;

/// <summary>The table at a terminal. On its own, so that nothing of Spectre is loaded by a program in a pipe.</summary>
internal static class DecoratedTable
{
    public static void Write(IEnumerable<string> headings, IEnumerable<string[]> rows)
    {
        var table = new Spectre.Console.Table { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell, StyleOf(cell))));
        }

        AnsiConsole.Write(table);
    }

    private static Style StyleOf(string cell) => cell switch
    {
        "running" or "active" => new Style(Color.Green),
        "starting" => new Style(Color.Yellow),
        "failed" => new Style(Color.Red),
        "ended" or "revoked" or "expired" => new Style(Color.Grey),
        _ => Style.Plain,
    };
}
