using ControlPlane.Leases;

namespace ControlPlane.Credentials;

/// <summary>The record of one credential.</summary>
/// <param name="Digest">64 hexadecimal digits.</param>
/// <param name="RevokedAs">The version of the save that revoked it: whom to wait for when it is revoked again.</param>
public sealed record CredentialState(
    CredentialKind Kind, string WorkspaceId, string? UserId, string Label, Scopes Scopes, string Digest,
    DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, Readers Readers,
    DateTimeOffset? LastUsedAt = null, DateTimeOffset? RevokedAt = null, long RevokedAs = 0)
{
    public static CredentialState From(NewCredential made) => new(
        made.Kind, made.WorkspaceId, made.UserId, made.Label, made.Scopes, made.Digest.ToString(),
        made.CreatedAt, made.CreatedBy, made.ExpiresAt, Readers.None);

    public CredentialStanding Standing(TokenDigest digest, DateTimeOffset now) =>
        !TokenDigest.Parse(Digest).Matches(digest) ? CredentialStanding.Unknown
        : RevokedAt is not null ? CredentialStanding.Revoked
        : ExpiresAt <= now ? CredentialStanding.Expired
        : CredentialStanding.Good;

    /// <summary>Revoked is final; revoking again changes nothing.</summary>
    public CredentialState Revoked(DateTimeOffset now, long version) => RevokedAt is not null
        ? this
        : this with { RevokedAt = now, RevokedAs = version, Readers = Readers.TakenAway(version) };

    public CredentialState UsedAt(DateTimeOffset? at) => at > (LastUsedAt ?? DateTimeOffset.MinValue) ? this with { LastUsedAt = at } : this;

    public CredentialFact Fact(string id, long version, DateTimeOffset now) =>
        new(id, Kind, WorkspaceId, UserId, Scopes, version, ExpiresAt - now, ExpiresAt);

    public CredentialView View(string id, DateTimeOffset? used) => new(
        id, Kind, Label, Scopes, CreatedAt, CreatedBy, used > (LastUsedAt ?? DateTimeOffset.MinValue) ? used : LastUsedAt, ExpiresAt, RevokedAt);
}
