using ControlPlane.Errors;
using Yarp.ReverseProxy.Forwarder;

namespace ControlPlane.Forwarding;

/// <summary>What the gateway says where the clone did not get to say it.</summary>
internal static class Endings
{
    /// <summary>What a body over <c>Gateway:MaxBodyBytes</c> is answered.</summary>
    public static readonly Refusal BodyTooLarge = new(ErrorCode.BodyTooLarge, "The request's body is larger than Gateway:MaxBodyBytes.");

    /// <summary>Why upgraded connections, which would go on for hours, end when the gateway stops.</summary>
    public static readonly Refusal Restarting = new(
        ErrorCode.ControlPlaneUnavailable, "This gateway is being stopped. Connect again: another one takes over.", RetryAfter: TimeSpan.FromSeconds(1));

    private static readonly Refusal LeaseOver = new(
        ErrorCode.ControlPlaneUnavailable, "This gateway has lost its lease and may pass nothing on until it has a new one.",
        RetryAfter: TimeSpan.FromSeconds(1));

    private static readonly Refusal TimedOut = new(
        ErrorCode.CloneTimeout, "The clone had not begun to answer when nothing had moved for as long as Gateway:AnswerTimeout allows.");

    private static readonly Refusal BodyBroken = new(
        ErrorCode.RequestInvalid, "The request's body broke off, or is not framed as its headers say.");

    private static readonly Refusal Unreachable = new(
        ErrorCode.CloneUnreachable, "The worker that runs the clone refused the connection, broke it before it had answered, or does not hold the session now.",
        RetryAfter: TimeSpan.FromSeconds(2));

    /// <summary>
    /// Why a request was cut; null when it was not. A lease that is over stops what rests on it before the registry comes round to
    /// cut it.
    /// </summary>
    public static Refusal? Cut(ProxiedRequest request) => request.CutBecause ?? (request.IsStopped ? LeaseOver : null);

    /// <summary>The answer to a request whose clone has not begun to answer, the likeliest cause first.</summary>
    public static Refusal Of(ProxiedRequest request, ForwarderError error) =>
        Cut(request)
        ?? (request.IsTooLarge ? BodyTooLarge
            : request.Ended.IsCancellationRequested ? TimedOut
            : error == ForwarderError.RequestBodyClient ? BodyBroken
            : Unreachable);
}
