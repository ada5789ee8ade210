using System.Globalization;
using ControlPlane.Headers;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Leases;

/// <summary>Says how what was taken away became true everywhere (contract 2.8).</summary>
internal static class RevocationHeader
{
    public static void Report(this HttpResponse response, RecallReport report) => response.Headers[HeaderNames.Revocation] = string.Create(
        CultureInfo.InvariantCulture, $"acknowledged={report.Acknowledged}, waited={report.Waited}, ms={report.Milliseconds}");
}
