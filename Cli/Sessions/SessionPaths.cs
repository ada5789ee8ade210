using ControlPlane.Server;

namespace ControlPlane.Sessions;

/// <summary>Where sessions are.</summary>
internal static class SessionPaths
{
    public const string All = "/api/sessions";

    public static string One(string sessionId) => $"{All}/{UrlId.Checked(sessionId, "session")}";

    public static string Renew(string sessionId) => $"{One(sessionId)}/renew";

    public static string Liveness(string sessionId) => $"{One(sessionId)}/liveness";
}
