using ControlPlane.Server;

namespace ControlPlane.Sessions;

/// <summary>Where sessions are.</summary>
internal static class SessionPaths
{
    public const string All = "/api/sessions";

    public static string One(string sessionId) => $"{All}/{UrlId.Checked(sessionId, "session")}";

    public static string Renew(string sessionId) => $"{One(sessionId)}/renew";

    public static string Reset(string sessionId) => $"{One(sessionId)}/reset";

    public static string Seed(string sessionId, string clone) => $"{One(sessionId)}/clones/{UrlId.Checked(clone, "clone")}/seed";

    public static string Faults(string sessionId, string clone) => $"{One(sessionId)}/clones/{UrlId.Checked(clone, "clone")}/faults";

    public static string Events(string sessionId) => $"{One(sessionId)}/events";

    public static string Liveness(string sessionId) => $"{One(sessionId)}/liveness";
}
