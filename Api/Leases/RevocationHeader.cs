using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Leases;

/// <summary>Says how what was taken away became true everywhere (contract 2.8).</summary>
internal static class RevocationHeader
{
    private const string Name = "x-archal-revocation";

    public static void Report(this HttpResponse response, RecallReport report) => response.Headers[Name] = string.Create(
        CultureInfo.InvariantCulture, $"acknowledged={report.Acknowledged}, waited={report.Waited}, ms={report.Milliseconds}");
}
