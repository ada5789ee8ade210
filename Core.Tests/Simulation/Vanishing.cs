namespace ControlPlane.Simulation;

/// <summary>How gateways vanish while everything is taken away: nothing that they do may hold an owner up for longer than one lease.</summary>
internal sealed class Vanishing(Cluster cluster)
{
    private bool _isOver;

    /// <summary>0: one freezes. 1: then another one too, after it was told. 2: one hears nothing any more and is still heard.</summary>
    /// <returns>Ends it.</returns>
    public Action Begin(int how)
    {
        var (one, other) = (cluster.Gateways[0].Machine, cluster.Gateways[1].Machine);
        if (how < 2)
        {
            one.Freeze();
        }

        if (how == 1)
        {
            cluster.Scheduler.After((long)(cluster.Profile.Lease.Ticks * 0.8), () =>
            {
                if (!_isOver)
                {
                    other.Freeze();
                }
            });
        }

        if (how == 2)
        {
            cluster.Owners.ToList().ForEach(owner => cluster.Network.Cut(owner.Machine, one));
        }

        return () =>
        {
            _isOver = true;
            one.GoOn();
            other.GoOn();
            cluster.Network.HealAll();
        };
    }
}
