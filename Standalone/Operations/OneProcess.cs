using System.Globalization;

namespace ControlPlane.Operations;

/// <summary>On one machine the entities live in this process and nowhere else.</summary>
internal sealed class OneProcess(TimeProvider time) : ISilos
{
    private readonly SiloView _view = new(
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}, process {Environment.ProcessId}"), "active", time.GetUtcNow());

    public Task<IReadOnlyList<SiloView>> ListAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<SiloView>>([_view]);
}
