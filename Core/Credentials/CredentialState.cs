using System.Collections.Immutable;
using ControlPlane.Audit;
using ControlPlane.Leases;

namespace ControlPlane.Credentials;

/// <summary>The secret before the last rotation, which works until its grace ends.</summary>
public sealed record FormerSecret(string Digest, DateTimeOffset EndsAt);

/// <summary>The record of one credential.</summary>
/// <param name="Digest">64 hexadecimal digits.</param>
/// <param name="RevokedAs">The version of the save that revoked it: whom to wait for when it is revoked again.</param>
/// <param name="Former">Null: no earlier secret works.</param>
/// <param name="Spent">The digests that the latest rotations replaced: a rotation that is late, or repeated, brings none of them back.</param>
/// <param name="RotatedAs">The version of the save that last gave it another secret.</param>
/// <param name="SessionId">The one session that its scopes about sessions are for; null: every one.</param>
/// <param name="ToAudit">What its workspace's audit log does not know yet.</param>
public sealed record CredentialState(
    CredentialKind Kind, string WorkspaceId, string? UserId, string Label, Scopes Scopes, string Digest,
    DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, Readers Readers,
    DateTimeOffset? LastUsedAt = null, DateTimeOffset? RevokedAt = null, long RevokedAs = 0,
    FormerSecret? Former = null, ImmutableList<string>? Spent = null, long RotatedAs = 0, string? SessionId = null,
    ImmutableList<AuditEvent>? ToAudit = null) : IAudited<CredentialState>
{
    /// <summary>A repeated rotation that so many others have followed is taken for a new one.</summary>
    public const int MostSpent = 16;

    /// <summary>The version of the save that last took something away; 0: none did.</summary>
    internal long TakenAs => Math.Max(RevokedAs, RotatedAs);

    internal Grant Grant => new(Scopes, SessionId);

    public static CredentialState From(NewCredential made) => new(
        made.Kind, made.WorkspaceId, made.UserId, made.Label, made.Scopes, made.Digest.ToString(),
        made.CreatedAt, made.CreatedBy, made.ExpiresAt, Readers.None, SessionId: made.SessionId);

    public CredentialState Auditing(ImmutableList<AuditEvent>? toAudit) => this with { ToAudit = toAudit };

    /// <summary>How a token stands. Only <see cref="CredentialStanding.Unknown"/> can change: a rotation may make a secret of it.</summary>
    public CredentialStanding Standing(TokenDigest digest, DateTimeOffset now)
    {
        var works = Is(Digest, digest) | (Former is { } former && Is(former.Digest, digest));
        return !works && !Has(Spent, digest) ? CredentialStanding.Unknown
            : !works || RevokedAt is not null ? CredentialStanding.Revoked
            : EndOf(digest) <= now ? CredentialStanding.Expired
            : CredentialStanding.Good;
    }

    /// <summary>Revoked is final; revoking again changes nothing. It ends every secret.</summary>
    public CredentialState Revoked(DateTimeOffset now, long version) => RevokedAt is not null
        ? this
        : this with { RevokedAt = now, RevokedAs = version, Readers = Readers.TakenAway(version) };

    /// <summary>
    /// Without this secret: the present one takes the whole credential with it, one whose grace still runs goes alone. What has ended
    /// before changes nothing. Null: it never was a secret of this credential, as far as is known.
    /// </summary>
    public CredentialState? EndedBy(TokenDigest secret, DateTimeOffset now, long version) =>
        Is(Digest, secret) ? Revoked(now, version)
        : RevokedAt is null && Former is { } former && Is(former.Digest, secret)
            ? this with { Former = null, RotatedAs = version, Readers = Readers.TakenAway(version) }
        : Has(Spent, secret) ? this
        : null;

    /// <summary>
    /// Another secret, at once. The one before works until the grace ends; one before that ends now. Whatever gateways hold of any secret
    /// is taken away: they ask anew, and are told of the end.
    /// </summary>
    public CredentialState Rotated(TokenDigest digest, TimeSpan grace, DateTimeOffset now, long version) => this with
    {
        Digest = digest.ToString(),
        Former = grace > TimeSpan.Zero ? new FormerSecret(Digest, now + grace) : null,
        Spent = [.. (Spent ?? []).TakeLast(MostSpent - 1), Digest],
        RotatedAs = version,
        Readers = Readers.TakenAway(version),
    };

    /// <summary>Whether a rotation to this secret took place.</summary>
    public bool HasHad(TokenDigest digest) => Is(Digest, digest) | Has(Spent, digest);

    public CredentialState UsedAt(DateTimeOffset? at) => at > (LastUsedAt ?? DateTimeOffset.MinValue) ? this with { LastUsedAt = at } : this;

    /// <summary>What a gateway is given for a token that stands, with the end of that very secret.</summary>
    public CredentialFact Fact(string id, TokenDigest digest, long version, DateTimeOffset now) =>
        new(id, Kind, WorkspaceId, UserId, Scopes, version, EndOf(digest) - now, EndOf(digest), SessionId);

    public CredentialView View(string id, DateTimeOffset? used) => new(
        id, Kind, Label, Scopes, CreatedAt, CreatedBy, used > (LastUsedAt ?? DateTimeOffset.MinValue) ? used : LastUsedAt, ExpiresAt, RevokedAt,
        SessionId);

    private DateTimeOffset? EndOf(TokenDigest digest) =>
        Former is { } former && Is(former.Digest, digest) && !(ExpiresAt < former.EndsAt) ? former.EndsAt : ExpiresAt;

    private static bool Is(string known, TokenDigest digest) => TokenDigest.Parse(known).Matches(digest);

    private static bool Has(ImmutableList<string>? known, TokenDigest digest) => known?.Exists(other => Is(other, digest)) == true;
}
