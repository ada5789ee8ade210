using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Entities;
using ControlPlane.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane.Workers;

/// <summary>Decides who may register as a worker, and hands what workers say of themselves to the pool.</summary>
internal sealed partial class Registration(
    IEntities entities, IOptions<WorkerOptions> options, NameResolver resolver, TimeProvider time, ILogger<Registration> logger)
{
    private readonly WorkerNetworks _networks = new(options.Value.AllowedNetworks, resolver, time);
    private readonly byte[]? _joinDigest = options.Value.JoinToken is { Length: > 0 } token ? Digest(token) : null;
    private bool _unresolved;

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
    /// <exception cref="ControlPlaneException">503: a name of its own cannot be resolved now.</exception>
    public async Task<WorkerRegistered?> RegisterAsync(string workerId, string secret, WorkerPresence presence, CancellationToken cancellationToken)
    {
        var known = await entities.Workers.ReachAsync(workerId, cancellationToken);
        if (await AddressAsync(workerId, secret, presence, known, cancellationToken) is not { } address)
        {
            LogOutside(workerId, presence.DataUrl, presence.ControlUrl);
            return null;
        }

        await entities.Workers.RegisterAsync(presence.ToBeat(workerId, address), cancellationToken);
        LogRegistered(workerId, address);
        return new WorkerRegistered(workerId, secret, options.Value.BeatSeconds);
    }

    /// <summary>
    /// Takes a heartbeat; while a name cannot be resolved, with the address that was checked last. False: the worker is not registered, or not
    /// with an address that is allowed.
    /// </summary>
    /// <exception cref="ControlPlaneException">503: a name of its own cannot be resolved now, and no address of it is known.</exception>
    public async Task<bool> BeatAsync(string workerId, string secret, WorkerPresence presence, CancellationToken cancellationToken)
    {
        var known = await entities.Workers.ReachAsync(workerId, cancellationToken);
        WorkerAddress? address;
        try
        {
            address = await AddressAsync(workerId, secret, presence, known, cancellationToken);
        }
        catch (ControlPlaneException) when (known is not null && IsStill(known.Data, presence.DataUrl) && IsStill(known.Control, presence.ControlUrl))
        {
            address = known;
        }

        return address is not null && await entities.Workers.BeatAsync(presence.ToBeat(workerId, address), cancellationToken);
    }

    private async Task<WorkerAddress?> AddressAsync(
        string workerId, string secret, WorkerPresence presence, WorkerAddress? known, CancellationToken cancellationToken)
    {
        try
        {
            // Together: a resolver that is silent costs the time of one.
            var data = _networks.ResolveAsync(presence.DataUrl, known?.Data, cancellationToken);
            var control = _networks.ResolveAsync(presence.ControlUrl, known?.Control, cancellationToken);
            var found = await Task.WhenAll(data, control);
            _unresolved = false;
            return found is [{ } dataAt, { } controlAt] ? new WorkerAddress(controlAt, dataAt, secret) : null;
        }
        catch (ControlPlaneException problem)
        {
            // Said once, not with every heartbeat of every worker.
            if (!Interlocked.Exchange(ref _unresolved, true))
            {
                LogUnresolved(workerId, presence.DataUrl, presence.ControlUrl, problem);
            }

            throw;
        }
    }

    /// <summary>Whether an address may be what a name still stands for. A worker that was started again has other ports, and registers first.</summary>
    private static bool IsStill(Uri known, Uri advertised) => advertised.IsAbsoluteUri && known.Port == advertised.Port;

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    [LoggerMessage(EventId = 2101, EventName = "WorkerJoins", Level = LogLevel.Information, Message = "A new worker joins as {WorkerId}")]
    private partial void LogWelcome(string workerId);

    [LoggerMessage(EventId = 2102, EventName = "WorkerRegistered", Level = LogLevel.Information,
        Message = "Worker {WorkerId} registered at {Address}")]
    private partial void LogRegistered(string workerId, WorkerAddress address);

    [LoggerMessage(EventId = 2103, EventName = "WorkerOutsideAllowedNetworks", Level = LogLevel.Warning,
        Message = "Worker {WorkerId} may not register: {Data} or {Control} is not an address in Workers:AllowedNetworks")]
    private partial void LogOutside(string workerId, Uri data, Uri control);

    [LoggerMessage(EventId = 2104, EventName = "WorkerNameUnresolved", Level = LogLevel.Warning,
        Message = "A name of worker {WorkerId} cannot be resolved: {Data} or {Control}. It keeps the address it had; one without is asked to try again")]
    private partial void LogUnresolved(string workerId, Uri data, Uri control, Exception problem);
}
