using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Entities;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane.Workers;

/// <summary>Decides who may register as a worker, and hands what workers say of themselves to the pool.</summary>
internal sealed partial class Registration(IEntities entities, IOptions<WorkerOptions> options, ILogger<Registration> logger)
{
    private readonly WorkerNetworks _networks = new(options.Value.AllowedNetworks);
    private readonly byte[]? _joinDigest = options.Value.JoinToken is { Length: > 0 } token ? Digest(token) : null;

    /// <summary>Whether anybody at this address may call at all.</summary>
    public bool MayCallFrom(IPAddress? address) => _networks.Allow(address);

    /// <summary>Without a token that was set, nobody may.</summary>
    public bool MayJoin(string shown) => _joinDigest is not null & CryptographicOperations.FixedTimeEquals(Digest(shown), _joinDigest ?? []);

    /// <summary>An identity for a worker that has none.</summary>
    public WorkerRegistered Welcome()
    {
        var identity = WorkerIdentity.New();
        LogWelcome(identity.WorkerId);
        return new WorkerRegistered(identity.WorkerId, identity.Secret, options.Value.BeatSeconds);
    }

    /// <summary>Whether the secret is this worker's.</summary>
    public static bool Proves([NotNullWhen(true)] string? secret, [NotNullWhen(true)] string? workerId) =>
        secret is not null && workerId is not null && WorkerIdentity.Proves(secret, workerId);

    /// <summary>Takes a worker in that has proved who it is. Null: an address of its own is none that is allowed.</summary>
    public async Task<WorkerRegistered?> RegisterAsync(string workerId, string secret, WorkerPresence presence, CancellationToken cancellationToken)
    {
        if (await BeatOfAsync(workerId, secret, presence, cancellationToken) is not { } beat)
        {
            LogOutside(workerId, presence.DataUrl, presence.ControlUrl);
            return null;
        }

        await entities.Workers.RegisterAsync(beat, cancellationToken);
        LogRegistered(workerId, beat.Address);
        return new WorkerRegistered(workerId, secret, options.Value.BeatSeconds);
    }

    /// <summary>Takes a heartbeat. False: the worker is not registered, or not with an address that is allowed.</summary>
    public async Task<bool> BeatAsync(string workerId, string secret, WorkerPresence presence, CancellationToken cancellationToken) =>
        await BeatOfAsync(workerId, secret, presence, cancellationToken) is { } beat && await entities.Workers.BeatAsync(beat, cancellationToken);

    private async Task<WorkerBeat?> BeatOfAsync(string workerId, string secret, WorkerPresence presence, CancellationToken cancellationToken) =>
        await _networks.ResolveAsync(presence.DataUrl, cancellationToken) is { } data
        && await _networks.ResolveAsync(presence.ControlUrl, cancellationToken) is { } control
            ? presence.ToBeat(workerId, new WorkerAddress(control, data, secret))
            : null;

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    [LoggerMessage(EventId = 2101, EventName = "WorkerJoins", Level = LogLevel.Information, Message = "A new worker joins as {WorkerId}")]
    private partial void LogWelcome(string workerId);

    [LoggerMessage(EventId = 2102, EventName = "WorkerRegistered", Level = LogLevel.Information,
        Message = "Worker {WorkerId} registered at {Address}")]
    private partial void LogRegistered(string workerId, WorkerAddress address);

    [LoggerMessage(EventId = 2103, EventName = "WorkerOutsideAllowedNetworks", Level = LogLevel.Warning,
        Message = "Worker {WorkerId} may not register: {Data} or {Control} is not an address in Workers:AllowedNetworks")]
    private partial void LogOutside(string workerId, Uri data, Uri control);
}
