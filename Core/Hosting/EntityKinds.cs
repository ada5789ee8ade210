namespace ControlPlane.Hosting;

/// <summary>The kinds of entity, as keys of records and alarms name them: never changed, never reused.</summary>
public static class EntityKinds
{
    public const string Session = "session";
    public const string Credential = "credential";
    public const string Workspace = "workspace";
    public const string SessionIndex = "session-index";
    public const string User = "user";
    public const string Gateway = "gateway";
    public const string Roster = "roster";
    public const string Login = "login";
    public const string Invitation = "invitation";
    public const string Audit = "audit";
    public const string Usage = "usage";
    public const string Creation = "creation";
    public const string Events = "events";
    public const string TraceIndex = "trace-index";
    public const string Trace = "trace";

    public static bool Known(string kind) =>
        kind is Session or Credential or Workspace or SessionIndex or User or Gateway or Roster or Invitation or Audit or Usage or Login or Creation
            or TraceIndex or Trace or Events;
}
