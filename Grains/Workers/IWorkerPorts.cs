namespace ControlPlane.Workers;

/// <summary>How a silo speaks to workers' control ports.</summary>
public interface IWorkerPorts
{
    /// <summary>The control port of a worker.</summary>
    /// <param name="registered">Where it is; null when it has never registered.</param>
    /// <exception cref="InvalidOperationException">It has not, and there is no other way to it.</exception>
    IWorker Port(string workerId, RegisteredWorker? registered);
}

/// <summary>The record of a worker: where its control port is, and what opens it.</summary>
public sealed record RegisteredWorker(Uri Control, string Secret)
{
    /// <summary>Without the secret, so that no log has it.</summary>
    public override string ToString() => Control.ToString();
}
