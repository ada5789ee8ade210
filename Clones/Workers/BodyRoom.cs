namespace ControlPlane.Workers;

/// <summary>
/// How many bytes of requests' bodies are in a worker's memory at one time, of all its clones together and with what they are read into. Small
/// ones are not counted: the connections bound them, and they are taken whatever else is on its way.
/// </summary>
internal sealed class BodyRoom(long most)
{
    /// <summary>So large a body takes no room: about what its connection costs in any case.</summary>
    public const int Small = 16 * 1024;

    private long _taken;

    internal long Taken => Interlocked.Read(ref _taken);

    /// <summary>The room of one body, none at first; it is given back when this is disposed.</summary>
    public Part Open() => new(this);

    /// <summary>Not for use by two threads at once.</summary>
    internal sealed class Part(BodyRoom room) : IDisposable
    {
        private long _bytes;

        /// <summary>From now on it holds so many bytes. False: there is not so much left, and what it had it keeps.</summary>
        public bool TryHold(long bytes)
        {
            var more = (bytes <= Small ? 0 : bytes) - _bytes;
            if (Interlocked.Add(ref room._taken, more) > room.Most && more > 0)
            {
                Interlocked.Add(ref room._taken, -more);
                return false;
            }

            _bytes += more;
            return true;
        }

        public void Dispose() => TryHold(0);
    }

    private long Most => most;
}
