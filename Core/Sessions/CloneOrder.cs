using ControlPlane.Errors;

namespace ControlPlane.Sessions;

/// <summary>What the state of a running session's clones is to be from now on.</summary>
/// <param name="CloneName">Null: every clone of the session.</param>
/// <param name="Seed">The name of one of the clone's seeds. Null, and no state: the one that the session was created with.</param>
/// <param name="State">A whole state as the clone itself writes it, UTF-8 JSON; null: the seed.</param>
public sealed record CloneOrder(string? CloneName, string? Seed = null, ReadOnlyMemory<byte>? State = null)
{
    /// <summary>Everything is to be as it was at the session's creation; no faults are injected any more.</summary>
    public bool IsReset => Seed is null && State is null;
}

/// <summary>The same for one clone, as a worker is told. The same once more is harmless.</summary>
/// <param name="Seed">Null: <paramref name="State"/> is given.</param>
/// <param name="ClearsFaults">Whether no faults are injected into its answers any more.</param>
public sealed record CloneReplacement(string SessionId, long Epoch, string CloneName, string? Seed, ReadOnlyMemory<byte>? State, bool ClearsFaults = false);

/// <summary>The faults that are injected into the answers of one clone from now on.</summary>
/// <param name="Faults">All of them, UTF-8 JSON as the worker's port takes it.</param>
public sealed record CloneFaultOrder(string SessionId, long Epoch, string CloneName, byte[] Faults);

/// <summary>What a worker answers when it is asked for a clone's state.</summary>
/// <param name="State">The whole state, UTF-8 JSON; null with a refusal.</param>
public sealed record CloneStateAnswer(byte[]? State, Refusal? Refusal = null);
