namespace ControlPlane.Workers;

/// <summary>Workers' control ports over HTTP, each where it registered last.</summary>
internal sealed class HttpWorkerPorts(WorkerClients clients, IGrainFactory grains) : IWorkerPorts
{
    public IWorker Port(string workerId) => clients.Find(workerId, grains.GetGrain<IWorkerPoolGrain>(IWorkerPoolGrain.TheOne));
}
