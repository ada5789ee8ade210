using System.Text.Json.Serialization;
using ControlPlane.Authorization;
using ControlPlane.Leases;
using ControlPlane.Workspaces;

namespace ControlPlane.Credentials;

/// <summary>One token, a workspace's key or a user's. It knows the token's digest and never the token. Keyed by the id inside the token.</summary>
public interface ICredential
{
    /// <summary>
    /// Whether the token with this digest stands, and the fact, given to a gateway that is saved as its reader first.
    /// </summary>
    /// <param name="reader">The incarnation that asks.</param>
    /// <param name="fresh">Answer from what is stored now, not from memory (<c>Leases:Reuse=false</c>).</param>
    Task<CredentialAnswer> AuthorizeAsync(TokenDigest digest, string reader, bool fresh, CancellationToken cancellationToken = default);

    /// <summary>Makes the credential. The same once more is harmless.</summary>
    Task CreateAsync(NewCredential credential, CancellationToken cancellationToken = default);

    /// <summary>What administrators of its workspace see; null when it does not exist or is another workspace's.</summary>
    Task<CredentialView?> DescribeAsync(string workspaceId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Revokes a workspace's key and answers when no gateway admits it any more. Again: the same wait, the same answer. Null: there is no
    /// such key in the caller's workspace.
    /// </summary>
    /// <exception cref="Errors.ControlPlaneException">403: the caller may not administer keys.</exception>
    Task<RecallReport?> RevokeAsync(Caller caller, CancellationToken cancellationToken = default);

    /// <summary>
    /// The same for a user's own token, whoever it is that the user calls with. Null: there is no such token of the caller's user.
    /// </summary>
    Task<RecallReport?> RevokeOwnAsync(Caller caller, CancellationToken cancellationToken = default);

    /// <summary>What its user sees of a token; null when it does not exist or is another user's.</summary>
    Task<CredentialView?> DescribeOwnAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends the secret for whoever holds it, of whatever kind (RFC 7009), and answers when no gateway admits it any more: the present one ends
    /// the credential, one whose grace still runs ends by itself alone. Again: the same wait. Null: it is no secret of this credential.
    /// </summary>
    Task<RecallReport?> EndAsync(TokenDigest secret, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives a workspace's key another secret, which works at once, and answers when no gateway holds anything of the earlier ones. The
    /// secret before works until the grace ends, and what ran on it is cut, to be asked again; one before that has ended. The same secret
    /// once more changes nothing: the same wait, the same answer. Null: there is no such key in the caller's workspace, or it has ended.
    /// </summary>
    /// <param name="grace">Nothing: the secret before is dead everywhere when this answers.</param>
    /// <exception cref="Errors.ControlPlaneException">403: the caller may not administer keys, or not one that may do more than he.</exception>
    Task<KeyRotation?> RotateAsync(Caller caller, TokenDigest secret, TimeSpan grace, CancellationToken cancellationToken = default);

    /// <summary>A gateway tells how long ago the credential was last used through it.</summary>
    Task ReportUseAsync(TimeSpan ago, CancellationToken cancellationToken = default);
}

/// <summary>What a credential is made from.</summary>
/// <param name="WorkspaceId">A key's workspace; of a user's token the workspace it acts in unless told otherwise.</param>
/// <param name="UserId">Null for a workspace's key.</param>
/// <param name="SessionId">The one session that its scopes about sessions are for; null: every one.</param>
public sealed record NewCredential(
    CredentialKind Kind, string WorkspaceId, string? UserId, string Label, Scopes Scopes, TokenDigest Digest,
    DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, string? SessionId = null)
{
    [JsonIgnore]
    public Grant Grant => new(Scopes, SessionId);
}

/// <summary>How a credential stands.</summary>
public enum CredentialStanding
{
    /// <summary>There is no such credential, or the token's secret is another: the caller cannot tell which.</summary>
    Unknown,

    /// <summary>It stands; the fact goes with it.</summary>
    Good,

    Revoked,
    Expired,
}

/// <param name="Fact">Only with <see cref="CredentialStanding.Good"/>.</param>
public sealed record CredentialAnswer(CredentialStanding Standing, CredentialFact? Fact = null);

/// <summary>What a gateway holds of a credential.</summary>
/// <param name="Version">Of the record when the fact was granted.</param>
/// <param name="EndsIn">How long it lasts by itself, from when the question was sent; null: until it is taken away.</param>
/// <param name="SessionId">The one session that its scopes about sessions are for; null: every one.</param>
public sealed record CredentialFact(
    string Id, CredentialKind Kind, string WorkspaceId, string? UserId, Scopes Scopes, long Version, TimeSpan? EndsIn, DateTimeOffset? ExpiresAt,
    string? SessionId = null)
{
    [JsonIgnore]
    public Grant Grant => new(Scopes, SessionId);

    /// <summary>The caller that it makes in a workspace: the one way from a fact to a caller, so that what narrows a key is never left out.</summary>
    /// <param name="role">The user's role there; null for a workspace's key, and for a user who is not known to be a member.</param>
    public Caller ActingIn(string workspaceId, Role? role) => new(Id, Kind, workspaceId, UserId, role, Scopes, SessionId);
}

/// <summary>A key that has another secret, and how that became true everywhere.</summary>
public sealed record KeyRotation(CredentialView Key, RecallReport Report);

/// <summary>A credential in a list.</summary>
/// <param name="SessionId">The one session that its scopes about sessions are for; null: every one.</param>
public sealed record CredentialView(
    string Id, CredentialKind Kind, string Label, Scopes Scopes, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string? SessionId = null)
{
    [JsonIgnore]
    public Grant Grant => new(Scopes, SessionId);
}
