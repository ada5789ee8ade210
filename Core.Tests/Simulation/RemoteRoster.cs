using ControlPlane.Operations;

namespace ControlPlane.Simulation;

internal sealed class RemoteRoster(Line line) : IRoster
{
    public Task EnterAsync(string id, CancellationToken cancellationToken = default) =>
        line.CallAsync<IRoster>("enter", (entity, token) => entity.EnterAsync(id, token), cancellationToken);

    public Task LeaveAsync(string id, CancellationToken cancellationToken = default) =>
        line.CallAsync<IRoster>("leave", (entity, token) => entity.LeaveAsync(id, token), cancellationToken);

    public Task<IReadOnlyList<string>> AllAsync(CancellationToken cancellationToken = default) =>
        line.CallAsync<IRoster, IReadOnlyList<string>>("all", (entity, token) => entity.AllAsync(token), cancellationToken);
}
