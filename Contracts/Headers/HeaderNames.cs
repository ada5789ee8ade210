namespace ControlPlane.Headers;

/// <summary>The headers of our own (contract 2.2 to 2.8), in lower case as every comparison has them.</summary>
public static class HeaderNames
{
    /// <summary>The outer credential, where <c>Authorization</c> is the clone's.</summary>
    public const string RouteAuthorization = "x-route-authorization";

    /// <summary>What the clone sees as <c>Authorization</c>, where that is the outer credential.</summary>
    public const string UpstreamAuthorization = "x-archal-upstream-authorization";

    /// <summary>The workspace to act in, for users in several.</summary>
    public const string WorkspaceId = "x-archal-workspace-id";

    /// <summary>The code of an answer of ours that is not a success; no answer of a clone's has it.</summary>
    public const string RouteError = "x-route-error";

    /// <summary>On every answer of ours, and in the log line too.</summary>
    public const string RequestId = "x-archal-request-id";

    /// <summary>On an answer that was given to an earlier call with the same idempotency key.</summary>
    public const string Replayed = "x-archal-replayed";

    /// <summary>How what was taken away became true everywhere.</summary>
    public const string Revocation = "x-archal-revocation";

    /// <summary>The moment that a backup shows.</summary>
    public const string BackupMoment = "x-archal-backup-moment";

    /// <summary>From a gateway to a worker: the address under which the caller sees the clone.</summary>
    public const string CloneBaseUrl = "x-clone-base-url";

    /// <summary>From a gateway to a worker: what lets the request in. From a worker: <see cref="TicketRefused"/>, and no clone of its own says it.</summary>
    public const string CloneTicket = "x-clone-ticket";

    /// <summary>What a worker says of a ticket that opens nothing with it, so that its 403 is not taken for a clone's.</summary>
    public const string TicketRefused = "refused";
}
