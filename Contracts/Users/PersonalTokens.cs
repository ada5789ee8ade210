using System.Text.Json.Serialization;

namespace ControlPlane.Users;

/// <summary>The body of <c>POST /api/me/tokens</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateTokenRequest
{
    /// <summary>What the token is for, 1 to 100 characters.</summary>
    public string? Label { get; init; }

    /// <summary>Seconds until the token stops working by itself, 1 to 31 536 000; never when absent.</summary>
    public int? ExpiresInSeconds { get; init; }
}

/// <summary>A user's own token: a personal one, or that of a device that the user let in.</summary>
public sealed record PersonalToken
{
    public required string Id { get; init; }

    /// <summary><c>personal</c>, or <c>login</c> for a device's.</summary>
    public string? Kind { get; init; }

    /// <summary>What the token is for; of a login, what the device calls itself.</summary>
    public required string Label { get; init; }

    /// <summary>The start of the token, enough to recognise it by.</summary>
    public required string Prefix { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The whole token, in the answer that made it and nowhere else.</summary>
    public string? Secret { get; init; }
}

/// <summary>A user's own tokens, newest first. A login that has ended is not among them.</summary>
public sealed record PersonalTokenList(IReadOnlyList<PersonalToken> Tokens);
