namespace ControlPlane.Workers;

/// <summary>Workers' control ports over HTTP, each where it registered.</summary>
internal sealed class HttpWorkerPorts(WorkerClients clients) : IWorkerPorts
{
    public IWorker Port(string workerId, RegisteredWorker? registered) => registered is null
        ? throw new InvalidOperationException($"The worker {workerId} has never registered.")
        : clients.At(new WorkerAddress(registered.Control, registered.Control, registered.Secret));
}
