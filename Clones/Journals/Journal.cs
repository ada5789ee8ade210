using Microsoft.Win32.SafeHandles;

namespace ControlPlane.Journals;

/// <summary>
/// An append-only file. A frame counts once <see cref="Append"/> has returned: it is on disk then. Only one frame is ever under way, so after
/// a crash at most the last is torn, and it was never acknowledged: it is dropped at the next opening. A damaged frame with a whole one
/// behind it cannot come from a crash and is an error, because dropping it would lose what was acknowledged.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _file;

    // Bytes that do not count may lie behind Length.
    private bool _unclean;

    // The file was created or renamed, and its directory has not been flushed since: after a crash it might not be there.
    private bool _unnamed;

    private Journal(string path, SafeFileHandle file, long length)
    {
        _path = path;
        _file = file;
        Length = length;
    }

    /// <summary>How many bytes are acknowledged.</summary>
    public long Length { get; private set; }

    /// <summary>Opens it for writing, creating it where there is none, and gives what each frame holds in order.</summary>
    /// <exception cref="JournalDamagedException">A frame in the middle is damaged.</exception>
    public static Journal Open(string path, Action<ReadOnlyMemory<byte>> read)
    {
        var fresh = !File.Exists(path);
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var bytes = new byte[RandomAccess.GetLength(file)];
            ReadWhole(file, bytes);
            var at = 0;
            while (Frame.TryRead(bytes.AsSpan(at), out var payload))
            {
                read(bytes.AsMemory(at + Frame.HeaderLength, payload.Length));
                at += Frame.HeaderLength + payload.Length;
            }

            if (at < bytes.Length && Frame.AnyIn(bytes.AsSpan(at)))
            {
                throw new JournalDamagedException($"{path} is damaged at byte {at}, and whole frames follow. Restore it from a copy.");
            }

            return new Journal(path, file, at) { _unclean = at < bytes.Length, _unnamed = fresh || at == 0 };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes one frame and returns when it is on disk. If this throws, the frame is not acknowledged and the next may be tried.</summary>
    public void Append(ReadOnlySpan<byte> payload)
    {
        if (_unclean)
        {
            // What a failed write or a crash left behind goes first, so that a shorter frame never has old bytes behind it.
            RandomAccess.SetLength(_file, Length);
            RandomAccess.FlushToDisk(_file);
        }

        var frame = Frame.Of(payload);
        _unclean = true;
        RandomAccess.Write(_file, frame, Length);
        RandomAccess.FlushToDisk(_file);
        if (_unnamed)
        {
            DurableFiles.FlushDirectoryOf(_path);
            _unnamed = false;
        }

        _unclean = false;
        Length += frame.Length;
    }

    /// <summary>
    /// A journal with these frames in place of this one, which is closed. In one step: a crash leaves the old or the new. If this throws,
    /// this one stands and may be used on.
    /// </summary>
    public Journal Rewritten(IEnumerable<byte[]> payloads)
    {
        var fresh = _path + ".new";
        var file = File.OpenHandle(fresh, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var length = 0L;
            foreach (var payload in payloads)
            {
                var frame = Frame.Of(payload);
                RandomAccess.Write(file, frame, length);
                length += frame.Length;
            }

            RandomAccess.FlushToDisk(file);
            File.Move(fresh, _path, overwrite: true);
            _file.Dispose();
            return new Journal(_path, file, length) { _unnamed = true };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    private static void ReadWhole(SafeFileHandle file, byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var got = RandomAccess.Read(file, bytes.AsSpan(at), at);
            at += got > 0 ? got : throw new EndOfStreamException("The journal became shorter while it was read.");
        }
    }
}

/// <summary>A journal cannot be read to its end without losing what was acknowledged.</summary>
internal sealed class JournalDamagedException(string message, Exception? cause = null) : IOException(message, cause);
