namespace ControlPlane.Invitations;

/// <summary>Who has taken an invitation.</summary>
/// <param name="Done">The user is a member and has its token; until then that is gone on with.</param>
public sealed record InvitationClaim(Acceptance By, DateTimeOffset At, bool Done = false)
{
    /// <summary>Whether a call is this very acceptance once more.</summary>
    public bool IsOf(Acceptance by) => By.UserId == by.UserId && By.Token == by.Token;
}

/// <summary>The record of one invitation. It is kept for a week after its end, so that whoever comes late is told what happened.</summary>
/// <param name="Claim">Null: nobody has taken it.</param>
/// <param name="Withdrawn">Nobody can take it any more.</param>
public sealed record InvitationState(NewInvitation Made, InvitationClaim? Claim = null, bool Withdrawn = false)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public static readonly TimeSpan KeptAfterEnd = TimeSpan.FromDays(7);

    public bool IsUnderWay => Claim is { Done: false };

    /// <summary>A claim that came to nothing is undone, and one that is complete is done, if it still is the claim.</summary>
    public InvitationState Settled(InvitationClaim claim, bool taken) =>
        Claim != claim ? this : this with { Claim = taken ? claim with { Done = true } : null };
}
