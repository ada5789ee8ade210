namespace ControlPlane.Histories;

/// <summary>What a client asked for.</summary>
public enum OperationKind
{
    /// <summary>A session was started.</summary>
    Start,

    /// <summary>A key was made.</summary>
    Make,

    /// <summary>A request for a clone with a key that will be revoked.</summary>
    Request,

    /// <summary>A request with a key that is used all the time and never revoked: every gateway holds its facts.</summary>
    HeldRequest,

    /// <summary>An upload of some seconds with such a key.</summary>
    Stream,

    /// <summary>A key was revoked.</summary>
    Revoke,

    /// <summary>A session was stopped.</summary>
    Stop,
}

/// <summary>One operation as its client saw it. Times are of the one monotonic clock that all processes of a machine share.</summary>
/// <param name="Invoked">When it was sent, in microseconds.</param>
/// <param name="Returned">When it was answered, or was known to be lost, in microseconds.</param>
/// <param name="Verdict"><c>ok</c>: the clone answered, or the command is done; <c>lost</c>: no answer; otherwise the error code of the refusal.</param>
public readonly record struct Operation(
    OperationKind Kind, string Key, string Session, string Gateway, long Invoked, long Returned, string Verdict)
{
    public const string Ok = "ok";
    public const string Lost = "lost";
    public const string Unavailable = "control_plane_unavailable";

    public bool IsOk => Verdict == Ok;

    public bool IsRequest => Kind is OperationKind.Request or OperationKind.HeldRequest or OperationKind.Stream;
}
