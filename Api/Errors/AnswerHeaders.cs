namespace ControlPlane.Errors;

/// <summary>The headers that tell our own answers from a clone's, and one request from another.</summary>
internal static class AnswerHeaders
{
    /// <summary>The code of an answer that is not a success.</summary>
    public const string RouteError = "x-route-error";

    /// <summary>On every answer, and in the log line too.</summary>
    public const string RequestId = "x-archal-request-id";
}
