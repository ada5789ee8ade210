using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Workspaces;

namespace ControlPlane.Simulation;

/// <summary>A key as the clients know it, with one of its secrets: what they asked, and what was acknowledged.</summary>
/// <param name="secret">How many rotations it has been through.</param>
internal sealed class KnownKey(string id, CredentialKind kind, DateTimeOffset? expiresAt, KnownUser? user = null, int secret = 0)
{
    public string Id => id;

    /// <summary>Whose personal token it is; null: a workspace's key, or the owner's token.</summary>
    public KnownUser? User => user;

    public CredentialKind Kind => kind;

    public string Token { get; } = TokenOf(kind, id, secret);

    public int Secret => secret;

    public DateTimeOffset? ExpiresAt => expiresAt;

    public bool IsMade { get; set; }

    public bool RevokeAsked { get; set; }

    /// <summary>A revocation has returned success: from now on no request is admitted.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>A rotation that ends this secret was asked for.</summary>
    public bool RotateAsked { get; set; }

    /// <summary>A rotation has returned that left this secret no grace: from now on no request with it is admitted.</summary>
    public bool IsSpent { get; set; }

    /// <summary>When the grace of a rotation that has returned is over at the latest; null: there was none.</summary>
    public DateTimeOffset? EndsBy { get; set; }

    public bool IsGone => IsRevoked || IsSpent;

    private static string TokenOf(CredentialKind kind, string id, int secret)
    {
        var body = $"{Credentials.Token.Shown(kind, id)}_{id}{id}{secret:D8}";
        return body + Credentials.Token.Checksum(body);
    }
}

/// <summary>A member of the workspace as the clients know it; who was removed never comes back.</summary>
internal sealed class KnownUser(string id)
{
    public string Id => id;

    /// <summary>It was acknowledged that the user is a member.</summary>
    public bool IsMember { get; set; }

    public bool RemoveAsked { get; set; }

    /// <summary>A removal has returned success: from now on nothing of the user's is admitted.</summary>
    public bool IsRemoved { get; set; }
}

/// <summary>A session as the clients know it.</summary>
internal sealed class KnownSession(string id, TimeSpan? ttl, int? rateLimit)
{
    public string Id => id;

    public TimeSpan? Ttl => ttl;

    public int? RateLimit => rateLimit;

    public bool IsMade { get; set; }

    public bool StopAsked { get; set; }

    /// <summary>A stop has returned: from now on no request is admitted.</summary>
    public bool IsStopped { get; set; }

    /// <summary>The latest end that a renewal was acknowledged with.</summary>
    public DateTimeOffset EndAt { get; set; }

    public int Admitted { get; set; }

    /// <summary>Requests that may have taken a place in the budget without being admitted, and those that are not decided yet.</summary>
    public int Unclear { get; set; }

    /// <summary>True times of its uses, the oldest first.</summary>
    public List<long> Uses { get; } = [];
}

/// <summary>What clients have asked and been told, for the checkers.</summary>
internal sealed class History
{
    public static Caller Owner { get; } = new("own", CredentialKind.Personal, "ws-a", "usr-a", Role.Owner, ScopeRules.All);

    public List<KnownKey> Keys { get; } = [];

    public List<KnownUser> Users { get; } = [];

    public List<KnownSession> Sessions { get; } = [];

    /// <summary>Operations of clients that have not ended.</summary>
    public int UnderWay { get; set; }

    /// <summary>Requests at gateways that have not left.</summary>
    public int InFlight { get; set; }
}
