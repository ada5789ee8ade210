using System.Collections.Immutable;

namespace ControlPlane.Leases;

/// <summary>The record of one gateway incarnation. It holds no clock reading of the lease: that counts from when the record was read.</summary>
/// <param name="Evicted">An operator has refused it further renewals: what it has runs out, and nothing shortens that.</param>
public sealed record GatewayState(bool Over, long Renewals, ImmutableList<Recall> Recalls, DateTimeOffset? OverSince = null, bool Evicted = false)
{
    public static GatewayState New { get; } = new(false, 0, []);

    public GatewayState Renewed() => this with { Renewals = Renewals + 1 };

    /// <summary>A lease that is over has nothing to recall any more.</summary>
    public GatewayState Ended() => this with { Over = true, Recalls = [] };

    /// <summary>Keeps a recall until it is acknowledged; of several for one subject the one with the highest version.</summary>
    public GatewayState Recalling(Recall recall)
    {
        var held = Recalls.Find(other => Same(other, recall));
        return held is null ? this with { Recalls = Recalls.Add(recall) }
            : held.Version >= recall.Version ? this
            : this with { Recalls = Recalls.Replace(held, recall) };
    }

    /// <summary>Whether it, or a later one of its subject, is not acknowledged yet.</summary>
    public bool Holds(Recall recall) => Recalls.Exists(other => Same(other, recall) && other.Version >= recall.Version);

    public GatewayState Acknowledged(RecallAnswer answer) =>
        this with { Recalls = Recalls.RemoveAll(recall => recall.IsAnsweredBy(answer)) };

    private static bool Same(Recall one, Recall other) =>
        one.Kind == other.Kind && one.Subject == other.Subject && one.Share == other.Share;
}
