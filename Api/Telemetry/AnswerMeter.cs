using System.Diagnostics.Metrics;
using ControlPlane.Errors;

namespace ControlPlane.Telemetry;

/// <summary>What the management API refuses, by code. How many requests there are and how long they take the server measures itself.</summary>
internal static class AnswerMeter
{
    private static readonly Counter<long> Refusals = Signals.Meter.CreateCounter<long>(
        "archal.api.refusals", "{refusal}", "Answers of the management API that are not a success, by code.");

    public static void Refused(ErrorCode code) => Refusals.Add(1, Signals.Tag("code", code.Word()));
}
