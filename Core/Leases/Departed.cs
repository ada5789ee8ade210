using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ControlPlane.Entities;

namespace ControlPlane.Leases;

/// <summary>
/// Gateways come and go, and each of their incarnations is another reader. When a record has gathered many, those whose lease is over are
/// looked for and taken out, so that neither the record nor the telling grows with the years.
/// </summary>
/// <param name="removeAsync">Takes a reader whose lease is over out of the record.</param>
internal sealed class Departed(IEntityHost host, Func<string, Task> removeAsync)
{
    /// <summary>Fewer are not worth a look.</summary>
    private const int Many = 16;

    private int _lookAt = Many;
    private int _looking;

    /// <summary>After a grant: looks when there are twice as many as the last look has left. Nobody waits for it.</summary>
    public void Look(ImmutableList<string> readers)
    {
        if (readers.Count > Volatile.Read(ref _lookAt) && Interlocked.Exchange(ref _looking, 1) == 0)
        {
            _ = LookAsync(readers);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Who cannot be looked at now is looked at again.")]
    private async Task LookAsync(ImmutableList<string> readers)
    {
        await Task.Yield();
        try
        {
            var gone = await Task.WhenAll(readers.Select(IsOverAsync));
            Volatile.Write(ref _lookAt, Math.Max(Many, 2 * gone.Count(over => !over)));
            await Task.WhenAll(readers.Where((_, index) => gone[index]).Select(removeAsync));
        }
        catch (Exception)
        {
            // The next grant looks again.
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }

    private async Task<bool> IsOverAsync(string reader) => await host.Entities.Gateway(reader).IsOverAsync();
}
