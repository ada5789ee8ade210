using System.Globalization;
using ControlPlane.Output;

namespace ControlPlane.AgentTraces;

/// <summary>Trace roots, a row each.</summary>
internal static class TraceTable
{
    public static void Write(IEnumerable<TraceRoot> roots)
    {
        var table = new Table("TRACE", "SCENARIO", "SESSION", "PARTS", "BYTES", "BEGUN", "BY");
        foreach (var root in roots)
        {
            table.Add(
                root.RootTraceId, root.Scenario ?? "-", root.SessionId ?? "-", root.Parts.ToString(CultureInfo.InvariantCulture),
                root.Bytes.ToString(CultureInfo.InvariantCulture), Durations.Text(root.CreatedAt), root.CreatedBy);
        }

        table.Write();
    }
}
