using System.Net;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Leases;

namespace ControlPlane.Gateways;

/// <summary>Whoever holds a token may end it (RFC 7009); holding it is all that is asked for.</summary>
public static class TokenEnding
{
    /// <summary>Ends a token and answers when no gateway admits it any more. Null: there is none like it, and nobody learns more than that.</summary>
    /// <exception cref="ControlPlaneException">429: too many tokens from this address were none. 503: it is not known whether it has ended.</exception>
    public static async Task<RecallReport?> EndAsync(
        this Admission admission, IEntities entities, string token, IPAddress? from, CancellationToken cancellationToken)
    {
        if (admission.Refused.Blocked(from) is { } blocked)
        {
            throw new ControlPlaneException(blocked);
        }

        var report = Token.TryParse(token, out _, out var id)
            ? await entities.Credential(id).EndAsync(TokenDigest.Of(token), cancellationToken)
            : null;
        if (report is null)
        {
            admission.Refused.Count(from);
        }

        return report;
    }
}
