using System.Globalization;
using ControlPlane.Hosting;
using ControlPlane.Records;
using Orleans.Storage;

namespace ControlPlane;

/// <summary>
/// A store that has every session there is, as a start leaves it, and keeps nothing: so what grows is the silo's memory alone. It gives each
/// reader bytes of its own to read, as Redis would.
/// </summary>
internal sealed class PretendedStore(DateTimeOffset now) : IGrainStorage
{
    private readonly RecordJson _json = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        (grainState.RecordExists, grainState.ETag) = (false, null);
        if (grainId.Type.ToString() == EntityKinds.Session && grainState is IGrainState<StoredRecord<Sessions.SessionState>> session)
        {
            var number = int.Parse(grainId.Key.ToString()!.AsSpan(3, 12), CultureInfo.InvariantCulture); // Made.Id wrote it.
            var bytes = _json.Serialize(new StoredRecord<Sessions.SessionState> { Version = 1, State = Made.Running(number, now) });
            session.State = _json.Deserialize<StoredRecord<Sessions.SessionState>>(bytes)!;
            (session.RecordExists, session.ETag) = (true, Tag());
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        (grainState.RecordExists, grainState.ETag) = (true, Tag());
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        (grainState.RecordExists, grainState.ETag) = (false, null);
        return Task.CompletedTask;
    }

    private static string Tag() => Guid.NewGuid().ToString("N");
}
