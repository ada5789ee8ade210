namespace ControlPlane.Records;

/// <summary>A record as the grain storage holds it: <c>{"version":7,"state":{…}}</c>. The providers make an empty one before they read.</summary>
public sealed class StoredRecord<T> where T : class
{
    public long Version { get; set; }

    public T? State { get; set; }
}
