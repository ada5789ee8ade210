using ControlPlane.Errors;

namespace ControlPlane.Sessions;

/// <summary>How many bytes of clones' states are in this process's memory at one time, from all callers together: never more than so many.</summary>
internal sealed class StateRoom(long most)
{
    private const long Mebibyte = 1024 * 1024;

    private long _taken;

    internal long Taken => Interlocked.Read(ref _taken);

    /// <summary>Takes room for so many bytes, which is given back when what it gives is disposed.</summary>
    /// <exception cref="ControlPlaneException">503: there is not so much left.</exception>
    public Part Take(long bytes)
    {
        var part = new Part(this);
        part.Resize(bytes);
        return part;
    }

    /// <summary>The room of one call; not for use by two threads at once.</summary>
    internal sealed class Part(StateRoom room) : IDisposable
    {
        private long _bytes;

        /// <summary>From now on it is so many bytes.</summary>
        /// <exception cref="ControlPlaneException">503: there is not so much left; what it had it keeps.</exception>
        public void Resize(long bytes)
        {
            var more = bytes - _bytes;
            if (Interlocked.Add(ref room._taken, more) > room.Most && more > 0)
            {
                Interlocked.Add(ref room._taken, -more);
                throw new ControlPlaneException(new Refusal(
                    ErrorCode.ControlPlaneUnavailable, $"The states of clones that are being read or set have taken the {room.Most / Mebibyte} MiB that there are for them. Try again.",
                    TimeSpan.FromSeconds(1)));
            }

            _bytes = bytes;
        }

        public void Dispose() => Resize(0);
    }

    private long Most => most;
}
