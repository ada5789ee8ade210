using System.Globalization;
using System.Net.Http.Headers;
using ControlPlane.Headers;

namespace ControlPlane.Server;

/// <summary>What the server says once something is gone everywhere.</summary>
/// <param name="Acknowledged">Gateways that were told, and dropped it or have no lease any more.</param>
/// <param name="Waited">Those of them that did not answer at once, so that their lease was asked for.</param>
/// <param name="Ms">How long that took.</param>
internal sealed record RevocationReport(int Acknowledged, int Waited, int Ms)
{
    private const string Header = HeaderNames.Revocation;

    /// <returns>Null when the answer does not say.</returns>
    public static RevocationReport? In(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues(Header, out var values))
        {
            return null;
        }

        var numbers = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in string.Join(',', values).Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', 2) is [var name, var text]
                && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbers[name] = number;
            }
        }

        return new(numbers.GetValueOrDefault("acknowledged"), numbers.GetValueOrDefault("waited"), numbers.GetValueOrDefault("ms"));
    }

    public override string ToString() =>
        $"{Acknowledged} {(Acknowledged == 1 ? "gateway" : "gateways")} told"
        + $"{(Waited == 0 ? "" : $", {Waited} of them late")}, {Ms} ms";
}
