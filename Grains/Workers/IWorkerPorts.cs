namespace ControlPlane.Workers;

/// <summary>How a silo speaks to workers' control ports.</summary>
public interface IWorkerPorts
{
    /// <summary>The control port of a worker.</summary>
    IWorker Port(string workerId);
}
