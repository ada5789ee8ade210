using ControlPlane.Errors;

namespace ControlPlane.OpenApi;

/// <summary>Which error codes an operation may answer with a status.</summary>
internal static class RefusalCodes
{
    private static readonly ErrorCode[] All = Enum.GetValues<ErrorCode>();

    /// <param name="operation">The method and the route, such as <c>POST /api/sessions</c>.</param>
    public static IReadOnlyList<ErrorCode> Of(string operation, int status) => [.. All.Where(code => code.Status() == status && May(operation, code))];

    /// <summary>For people, with each word as it is on the wire.</summary>
    public static string Described(string operation, int status) =>
        string.Join(" ", Of(operation, status).Select(code => $"`{code.Word()}`: {code.Title()}"));

    private static bool May(string operation, ErrorCode code) =>
        operation.Contains(" /runtime/", StringComparison.Ordinal) ? MayGateway(code) : MayManagement(operation, code);

    /// <summary>On the way to a clone.</summary>
    private static bool MayGateway(ErrorCode code) => code is ErrorCode.PathInvalid or ErrorCode.RequestInvalid or ErrorCode.CredentialMissing
        or ErrorCode.CredentialMalformed or ErrorCode.CredentialInvalid or ErrorCode.CredentialExpired or ErrorCode.SessionForbidden
        or ErrorCode.ScopeMissing or ErrorCode.WorkspaceKeyScopeMismatch or ErrorCode.HostUnknown or ErrorCode.SessionNotFound
        or ErrorCode.SessionEnded or ErrorCode.CloneNotInSession or ErrorCode.BodyTooLarge or ErrorCode.RequestBudgetExhausted
        or ErrorCode.TooManyRequests or ErrorCode.CloneUnreachable or ErrorCode.SessionFailed or ErrorCode.SessionStarting
        or ErrorCode.ControlPlaneUnavailable or ErrorCode.CloneTimeout;

    /// <summary>What belongs to one part of the management API alone.</summary>
    private static bool MayManagement(string operation, ErrorCode code)
    {
        return code switch
        {
            ErrorCode.PathInvalid or ErrorCode.HostUnknown or ErrorCode.SessionEnded or ErrorCode.RequestBudgetExhausted or ErrorCode.SessionStarting
                or ErrorCode.CloneTimeout => false,
            ErrorCode.InvitationInvalid or ErrorCode.InvitationUsed or ErrorCode.InvitationExpired => Has("/auth/invitations"),
            ErrorCode.DeviceCodeInvalid or ErrorCode.DeviceCodeExpired or ErrorCode.DeviceLoginDenied or ErrorCode.AuthorizationPending =>
                Has("/auth/device/token"),
            ErrorCode.SessionForbidden => Has("/api/sessions/{"),
            ErrorCode.SessionNotFound or ErrorCode.SessionFailed => Has("sessions/{"),
            ErrorCode.SessionNotRunning or ErrorCode.CloneUnreachable => Has("/api/sessions/{"),
            ErrorCode.CloneNotInSession => Has("/clones/{") || Has("/reset"),
            ErrorCode.LastOwner => Has("/members"),
            ErrorCode.NotFound => !Has("/api/sessions/{"),
            ErrorCode.IdempotencyKeyReused or ErrorCode.NoCapacity => Has("POST /api/sessions"),
            ErrorCode.QuotaExceeded => Has("POST "),
            _ => true,
        };

        bool Has(string part) => operation.Contains(part, StringComparison.Ordinal);
    }
}
