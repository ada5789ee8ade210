namespace ControlPlane.Errors;

/// <summary>400 <c>request_invalid</c>: the message begins with the field or place that is wrong.</summary>
internal static class Invalid
{
    public static ControlPlaneException At(string place, string what) => new(ErrorCode.RequestInvalid, $"{place}: {what}");
}
