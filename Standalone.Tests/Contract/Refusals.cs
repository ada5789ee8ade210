using System.Text.Json;
using System.Text.RegularExpressions;
using ControlPlane.Wire;

namespace ControlPlane.Contract;

/// <summary>What every answer that is not a success is like, to the header (contract 2.4).</summary>
internal static partial class Refusals
{
    public static void AssertIs(this Received answer, int status, string code, bool retryAfter = false)
    {
        Assert.True((status, code) == (answer.Head.Status, answer.Head["x-route-error"]), $"expected {status} {code}:\n{answer.Head.StartLine}\n{answer.Text}");
        var envelope = JsonSerializer.Deserialize(answer.Body, ContractsJson.Default.ErrorEnvelope)!;
        Assert.Equal(code, envelope.Code);
        Assert.NotEmpty(envelope.Error);
        Assert.NotEmpty(envelope.Message);
        Assert.Equal("application/json", answer.Head["Content-Type"]);
        Assert.NotEmpty(answer.Head["x-archal-request-id"]!);
        Assert.Equal("no-store", answer.Head["Cache-Control"]);
        Assert.Null(answer.Head["Server"]);
        Assert.Null(answer.Head["Set-Cookie"]);

        // RFC 6750, 3.1: who sent nothing is told the scheme alone.
        var challenge = answer.Head["WWW-Authenticate"];
        Assert.Equal(status == 401, challenge is not null);
        Assert.True(status != 401 || (code == "credential_missing" ? challenge == "Bearer" : Challenge().IsMatch(challenge!)), challenge);

        Assert.Equal(retryAfter, answer.Head["Retry-After"] is not null);
        Assert.True(!retryAfter || int.Parse(answer.Head["Retry-After"]!, System.Globalization.CultureInfo.InvariantCulture) is >= 1 and <= 90);
        Assert.Equal(status == 405, answer.Head["Allow"] is not null);

        // Never a stack trace or an internal address. (Tokens: see the callers.)
        Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Text, StringComparison.Ordinal);
    }

    [GeneratedRegex("""^Bearer error="invalid_token", error_description="[^"\\]+"$""")]
    private static partial Regex Challenge();
}
