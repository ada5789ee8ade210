using System.Text.Json;
using ControlPlane.Headers;
using ControlPlane.Sessions;

namespace ControlPlane.Runs;

/// <summary>The environment that a harness is given (contract 1.4).</summary>
internal static class HarnessVariables
{
    private const string Task = "AGENT_TASK";
    private const string Mode = "AGENT_RUN_MODE";

    /// <summary>Changes the inherited environment into the child's.</summary>
    public static void Apply(IDictionary<string, string?> environment, SessionSummary session, ChildKey key, string? task)
    {
        environment["AGENT_CLONE_URLS"] = Json(session.ApiBaseUrls);
        environment["AGENT_ROUTE_HEADERS"] = Json(new Dictionary<string, string> { [HeaderNames.RouteAuthorization] = $"Bearer {key.Token}" });
        environment["AGENT_SESSION_ID"] = session.SessionId;
        if (task is not null)
        {
            environment[Task] = task;
        }

        if (!environment.TryGetValue(Mode, out var mode) || string.IsNullOrEmpty(mode))
        {
            environment[Mode] = "local";
        }

        foreach (var (name, value) in CloneVariables.Of(session))
        {
            environment[name] = value;
        }

        // The child has a key for its session; what its caller may do besides is not its business.
        if (key.IsTemporary)
        {
            environment.Remove(ArchalVariables.Token);
        }
    }

    private static string Json(IReadOnlyDictionary<string, string> map) =>
        JsonSerializer.Serialize(map, CliJson.Plain.IReadOnlyDictionaryStringString);
}
