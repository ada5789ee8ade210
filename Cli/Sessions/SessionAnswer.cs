using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Sessions;

/// <summary>A session as the whole answer of a command, as JSON or as text.</summary>
internal static class SessionAnswer
{
    public static void Write(SessionSummary session, Invocation invocation)
    {
        if (invocation.WantsJson)
        {
            Screen.WriteJson(session, ContractsJson.Default.SessionSummary);
            return;
        }

        foreach (var line in SessionText.Of(session, invocation.Time.GetUtcNow()))
        {
            Screen.WriteLine(line);
        }
    }
}
