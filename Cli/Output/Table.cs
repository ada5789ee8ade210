namespace ControlPlane.Output;

/// <summary>Rows under headings: a box with colour at a terminal, aligned columns in a pipe.</summary>
internal sealed class Table(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(Screen.Plain)]);

    public void Write()
    {
        if (Screen.IsDecorated)
        {
            DecoratedTable.Write(headings, _rows);
            return;
        }

        var widths = headings.Select((heading, column) => _rows.Select(row => row[column].Length).Append(heading.Length).Max()).ToArray();
        foreach (var row in _rows.Prepend(headings))
        {
            Screen.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
