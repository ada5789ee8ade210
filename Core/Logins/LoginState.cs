using System.Collections.Immutable;
using ControlPlane.Audit;
using ControlPlane.Authorization;
using ControlPlane.Credentials;

namespace ControlPlane.Logins;

/// <summary>Who let a device in, and as what.</summary>
/// <param name="From">The address that the approval came from; null when it is not known.</param>
public sealed record LoginApproval(string UserId, string WorkspaceId, Scopes Scopes, string By, DateTimeOffset At, string? From = null)
{
    /// <summary>Whoever let the device in, in whose name its token is made.</summary>
    internal Caller Caller(string credentialId) => new(credentialId, CredentialKind.Login, WorkspaceId, UserId, null, Scopes, From: From);
}

/// <summary>The record of one login.</summary>
/// <param name="Device">The digest of the device code, 64 hexadecimal digits.</param>
/// <param name="WrongTries">How often its user code came with a credential that was not good.</param>
/// <param name="Approval">Null: nobody has let it in.</param>
/// <param name="DeniedBy">The user who refused it; null: nobody has.</param>
/// <param name="SpentAt">When its token was handed out.</param>
/// <param name="Salt">What its token is derived from, with the device code, 64 hexadecimal digits; null before it is approved and when the token is out.</param>
/// <param name="Claim">The token that is being made, or is out; null: nobody has claimed it.</param>
/// <param name="ToAudit">What the audit log does not know yet.</param>
public sealed record LoginState(
    string Device, string? ClientName, string? Address, DateTimeOffset CreatedAt, int WrongTries = 0,
    LoginApproval? Approval = null, string? DeniedBy = null, DateTimeOffset? SpentAt = null, string? Salt = null,
    LoginToken? Claim = null, ImmutableList<AuditEvent>? ToAudit = null) : IAudited<LoginState>
{
    /// <summary>How long both codes live.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(600);

    /// <summary>How long a login that is over is known, so that a device that asks late is told why and not that it is unknown.</summary>
    public static readonly TimeSpan KeptAfter = TimeSpan.FromMinutes(10);

    /// <summary>After so many wrong tries a user code is dead.</summary>
    public const int MostWrongTries = 5;

    /// <summary>What the device calls itself, for lists and histories.</summary>
    private string Label => ClientName ?? "A device";

    internal DateTimeOffset ExpiresAt => CreatedAt + Lifetime;

    internal DateTimeOffset ForgottenAt => ExpiresAt + KeptAfter;

    internal static LoginState From(NewLogin made, DateTimeOffset now) => new(made.Device.ToString(), made.ClientName, made.Address, now);

    /// <summary>Whether it still waits for somebody's decision.</summary>
    internal bool IsOpen(DateTimeOffset now) => Standing(now) == LoginStanding.Pending;

    /// <summary>How it stands; it is granted by the change that spends it alone.</summary>
    internal LoginStanding Standing(DateTimeOffset now) =>
        SpentAt is not null ? LoginStanding.Spent
        : DeniedBy is not null ? LoginStanding.Denied
        : ExpiresAt <= now || (WrongTries >= MostWrongTries && Approval is null) ? LoginStanding.Expired
        : Approval is null ? LoginStanding.Pending
        : LoginStanding.Approved;

    /// <summary>The same for a device: with another's code it cannot tell that there is one.</summary>
    internal LoginStanding Standing(TokenDigest device, DateTimeOffset now) => IsOf(device) ? Standing(now) : LoginStanding.Unknown;

    internal bool IsOf(TokenDigest device) => TokenDigest.Parse(Device).Matches(device);

    /// <summary>The state after a user's decision; null: it was decided already, or is over.</summary>
    /// <param name="act">What an approval is in the audit log.</param>
    internal LoginState? Decided(Caller caller, string userId, bool approve, string salt, AuditEvent act, DateTimeOffset now) => !IsOpen(now) ? null
        : !approve ? this with { DeniedBy = userId }
        : (this with { Approval = new LoginApproval(userId, caller.WorkspaceId, caller.Scopes, caller.Name, now, caller.From), Salt = salt })
            .By(act with { Detail = $"{Address ?? "unknown"} {Label}" });

    /// <summary>The state in which this token is being made; null: it is not for this device, or not now. Once more changes nothing.</summary>
    internal LoginState? Claimed(TokenDigest device, LoginToken token, DateTimeOffset now) =>
        Standing(device, now) != LoginStanding.Approved || (Claim is { } claim && claim != token) ? null
        : Claim is null ? this with { Claim = token }
        : this;

    /// <summary>The token is out. The salt goes in the same save: from then on the device code gives nothing, whoever has it.</summary>
    internal LoginState Spent(DateTimeOffset now) => this with { SpentAt = now, Salt = null };

    /// <summary>Whether this very decision was made by this user before.</summary>
    internal bool IsDecided(Caller caller, string userId, bool approve) =>
        approve ? Approval?.UserId == userId && Approval.WorkspaceId == caller.WorkspaceId : DeniedBy == userId;

    public LoginState Auditing(ImmutableList<AuditEvent>? toAudit) => this with { ToAudit = toAudit };

    /// <summary>The credential that an approval gives. It is made of what is stored alone, so that making it again makes the same.</summary>
    internal NewCredential Credential(LoginApproval approval, LoginToken token, TimeSpan lifetime) => new(
        CredentialKind.Login, approval.WorkspaceId, approval.UserId, Label, approval.Scopes, token.Digest,
        approval.At, approval.By, approval.At + lifetime);
}
