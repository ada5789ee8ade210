namespace ControlPlane.Errors;

/// <summary>The one table from a code to its word on the wire and its HTTP status (contract 2.4).</summary>
public static class ErrorCodes
{
    /// <summary>The word in <c>code</c> and <c>x-route-error</c>.</summary>
    public static string Word(this ErrorCode code) => Row(code).Word;

    /// <summary>The HTTP status that goes with it.</summary>
    public static int Status(this ErrorCode code) => Row(code).Status;

    /// <summary>The short sentence in <c>error</c>; the message says it of the case at hand.</summary>
    public static string Title(this ErrorCode code) => Row(code).Title;

    private static (int Status, string Word, string Title) Row(ErrorCode code) => code switch
    {
        ErrorCode.PathInvalid => (400, "path_invalid", "The path is not valid."),
        ErrorCode.RequestInvalid => (400, "request_invalid", "The request is not valid."),
        ErrorCode.CredentialMissing => (401, "credential_missing", "A credential is required."),
        ErrorCode.CredentialMalformed => (401, "credential_malformed", "The credential is malformed."),
        ErrorCode.CredentialInvalid => (401, "credential_invalid", "The credential is not valid."),
        ErrorCode.CredentialExpired => (401, "credential_expired", "The credential has expired."),
        ErrorCode.SessionForbidden => (403, "session_forbidden", "The session belongs to another workspace."),
        ErrorCode.ScopeMissing => (403, "scope_missing", "The credential lacks a scope."),
        ErrorCode.RoleMissing => (403, "role_missing", "The credential may not do this."),
        ErrorCode.WorkspaceKeyScopeMismatch => (403, "workspace_key_scope_mismatch", "The key belongs to another workspace."),
        ErrorCode.HostUnknown => (404, "host_unknown", "The host is not served here."),
        ErrorCode.NotFound => (404, "not_found", "Not found."),
        ErrorCode.SessionNotFound => (404, "session_not_found", "The session does not exist."),
        ErrorCode.SessionEnded => (404, "session_ended", "The session has ended."),
        ErrorCode.CloneNotInSession => (404, "clone_not_in_session", "The session has no such clone."),
        ErrorCode.MethodNotAllowed => (405, "method_not_allowed", "The method is not allowed."),
        ErrorCode.SessionNotRunning => (409, "session_not_running", "The session is not running."),
        ErrorCode.LastOwner => (409, "last_owner", "The workspace would have no owner."),
        ErrorCode.InvitationInvalid => (400, "invitation_invalid", "The invitation is not valid."),
        ErrorCode.InvitationUsed => (409, "invitation_used", "The invitation was used."),
        ErrorCode.InvitationExpired => (410, "invitation_expired", "The invitation has expired."),
        ErrorCode.EventsGone => (410, "events_gone", "The events are not kept any more."),
        ErrorCode.IdempotencyKeyReused => (422, "idempotency_key_reused", "The idempotency key was used for another request."),
        ErrorCode.AuthorizationPending => (428, "authorization_pending", "Nobody has let the device in yet."),
        ErrorCode.DeviceCodeInvalid => (400, "invalid_grant", "The device code is not valid."),
        ErrorCode.DeviceCodeExpired => (400, "expired_token", "The device login has expired."),
        ErrorCode.DeviceLoginDenied => (400, "access_denied", "The device login was refused."),
        ErrorCode.BodyTooLarge => (413, "body_too_large", "The body is too large."),
        ErrorCode.RequestBudgetExhausted => (429, "request_budget_exhausted", "The session's request budget is spent."),
        ErrorCode.TooManyRequests => (429, "too_many_requests", "Too many requests."),
        ErrorCode.QuotaExceeded => (429, "quota_exceeded", "The workspace's quota is used up."),
        ErrorCode.CloneUnreachable => (502, "clone_unreachable", "The clone cannot be reached."),
        ErrorCode.SessionFailed => (502, "session_failed", "The session has failed."),
        ErrorCode.SessionStarting => (503, "session_starting", "The session is still starting."),
        ErrorCode.NoCapacity => (503, "no_capacity", "Every worker is full."),
        ErrorCode.ControlPlaneUnavailable => (503, "control_plane_unavailable", "The control plane cannot answer now."),
        ErrorCode.CloneTimeout => (504, "clone_timeout", "The clone did not answer in time."),
        _ => (500, "internal", "Something went wrong here."),
    };
}
