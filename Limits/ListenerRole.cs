namespace ControlPlane;

/// <summary>Who speaks to a listener, and so what its limits are before anybody sets them.</summary>
public enum ListenerRole
{
    /// <summary>A gateway's: anybody, for the management API and for clones.</summary>
    Public,

    /// <summary>A silo's internal one: workers that register, and whoever asks for its health.</summary>
    Silo,

    /// <summary>A worker's data port: the gateways, each with a connection for every request under way.</summary>
    WorkerData,

    /// <summary>A worker's control port: the silos.</summary>
    WorkerControl,
}
