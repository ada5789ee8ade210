using ControlPlane.Authorization;
using ControlPlane.Credentials;

namespace ControlPlane.Logins;

/// <summary>One pending login of a device (RFC 8628). Keyed by the digest of its user code; it knows no code and no token, only digests and a salt.</summary>
public interface ILogin
{
    /// <summary>Begins it, durable with its end when this answers. False: the user code is another login's, so take another.</summary>
    Task<bool> BeginAsync(NewLogin login, CancellationToken cancellationToken = default);

    /// <summary>Who asks, for whoever is about to decide; null: there is no such login that still waits for a decision.</summary>
    Task<LoginView?> DescribeAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets the device in as the caller's user, or refuses it. The first decision stands: the same once more by the same user answers the
    /// same. False: there is no such login, or it is decided already.
    /// </summary>
    /// <exception cref="Errors.ControlPlaneException">403: a workspace's key is nobody who could log in.</exception>
    Task<bool> DecideAsync(Caller caller, bool approve, CancellationToken cancellationToken = default);

    /// <summary>Somebody gave this login's user code with a credential that is not good. After the fifth time the code is dead.</summary>
    Task CountWrongAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// The device asks. Once it is approved it is told the salt of its token, the same one each time, until the token is out.
    /// </summary>
    /// <param name="device">The digest of the device code.</param>
    Task<LoginAnswer> PollAsync(TokenDigest device, CancellationToken cancellationToken = default);

    /// <summary>
    /// The device takes its token. Exactly one answer says <see cref="LoginStanding.Granted"/>, and the credential stands and is on its user's
    /// list when it does; whoever comes again, also at the same moment, is told that it is spent. The salt is forgotten with that. A token
    /// that was made and that nobody took is ended when the login is forgotten.
    /// </summary>
    /// <param name="device">The digest of the device code.</param>
    /// <param name="token">What the credential is made of. Code and salt always name the same one, so that a crash in the middle makes no second.</param>
    Task<LoginAnswer> ClaimAsync(TokenDigest device, LoginToken token, CancellationToken cancellationToken = default);
}

/// <summary>A login that begins.</summary>
/// <param name="ClientName">What the device calls itself; null: it did not say.</param>
/// <param name="Address">Where it asked from; null when that is not known.</param>
public sealed record NewLogin(TokenDigest Device, string? ClientName, string? Address);

/// <summary>The token of a login, without its secret.</summary>
public sealed record LoginToken(string CredentialId, TokenDigest Digest)
{
    /// <exception cref="ArgumentException">It is no token.</exception>
    public static LoginToken Of(string token) => Token.TryParse(token, out _, out var id)
        ? new LoginToken(id, TokenDigest.Of(token))
        : throw new ArgumentException("This is no token.", nameof(token));
}

/// <summary>Who asks to be let in.</summary>
public sealed record LoginView(string? ClientName, string? Address, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>How a login stands for the device that asks.</summary>
public enum LoginStanding
{
    /// <summary>There is none, or the device code is another's: the caller cannot tell which.</summary>
    Unknown,

    /// <summary>Nobody has decided yet.</summary>
    Pending,

    /// <summary>The same, and the device asks more often than it was told to.</summary>
    TooSoon,

    Denied,

    /// <summary>Its time is over, or its user code died of wrong tries.</summary>
    Expired,

    /// <summary>Its token was handed out in an earlier answer.</summary>
    Spent,

    /// <summary>Now: the credential stands.</summary>
    Granted,

    /// <summary>Somebody let it in, and its token can be claimed.</summary>
    Approved,

    /// <summary>The same, but whoever let it in has as many logins as one may: it can be claimed once another has ended.</summary>
    Full,
}

/// <param name="WorkspaceId">Only with <see cref="LoginStanding.Granted"/>, as is <paramref name="ExpiresAt"/>, the token's own end.</param>
/// <param name="Salt">Only with <see cref="LoginStanding.Approved"/>: what the token is derived from, with the device code.</param>
public sealed record LoginAnswer(LoginStanding Standing, string? WorkspaceId = null, DateTimeOffset? ExpiresAt = null, string? Salt = null);
