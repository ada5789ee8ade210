using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Sessions;
using ControlPlane.Workers;
using SessionOptions = ControlPlane.Sessions.SessionOptions;

namespace ControlPlane;

/// <summary>Sessions as a start leaves them, and the worker that they are on.</summary>
internal static class Made
{
    public const string Workspace = "ws-bench";

    public static Caller Caller { get; } = new("key", CredentialKind.WorkspaceKey, Workspace, null, null, ScopeRules.All);

    public static WorkerBeat Worker { get; } = new(
        "wrk-bench", new WorkerAddress(new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2"), "none"), 10_000_000, [],
        [new OfferedClone("github", "GitHub", "", [])]);

    public static string Id(int number) => $"ses{number:D12}bench0000";

    public static SessionState Running(int number, DateTimeOffset now) => SessionState
        .Starting(
            Caller, new NewSession([new PlacedClone("github", "empty")], null, null, $"session {number}", null, null), new SessionOptions(),
            now, 1)
        with
    {
        Status = SessionStatus.Running,
        ToDo = [],
        Placement = new Placement("wrk-bench", 1, $"{number:D43}"),
    };
}
