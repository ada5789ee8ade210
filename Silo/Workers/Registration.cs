using System.Net;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Entities;
using Microsoft.Extensions.Options;

namespace ControlPlane.Workers;

/// <summary>Takes workers in: who may register, and who is there.</summary>
internal sealed partial class Registration(IGrainFactory grains, IEntities entities, IOptions<WorkersOptions> options, ILogger<Registration> logger)
{
    private readonly byte[] _joinDigest = SHA256.HashData(Encoding.UTF8.GetBytes(options.Value.JoinToken));
    private readonly IReadOnlyList<IPNetwork> _networks = options.Value.Networks();

    /// <summary>Whether an address is one that workers may have.</summary>
    public bool MayCallFrom(IPAddress? address)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && _networks.Any(network => network.Contains(plain));
    }

    /// <summary>Whether this is the join token; compared in constant time.</summary>
    public bool MayJoin(string shown) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown)), _joinDigest);

    /// <summary>Takes a worker in under a new secret of its own.</summary>
    public async Task<WorkerRegistered> RegisterAsync(WorkerRegistration worker, CancellationToken cancellationToken)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await grains.GetGrain<IWorkerGrain>(worker.WorkerId).RegisterAsync(worker.ControlUrl, secret, cancellationToken);
        LogRegistered(worker.WorkerId, worker.ControlUrl);
        return new WorkerRegistered(secret, options.Value.BeatSeconds);
    }

    /// <summary>Takes a heartbeat. False: the secret is not the worker's.</summary>
    public async Task<bool> BeatAsync(string workerId, string secret, WorkerPresence presence, CancellationToken cancellationToken)
    {
        if (!await grains.GetGrain<IWorkerGrain>(workerId).IsAsync(secret, cancellationToken))
        {
            return false;
        }

        var offers = presence.Catalogue.Select(clone => new OfferedClone(
            clone.Id, clone.Name, clone.Description, [.. clone.Seeds.Select(seed => new OfferedSeed(seed.Id, seed.Description))]));
        await entities.Workers.BeatAsync(
            new WorkerBeat(workerId, presence.DataUrl, presence.Capacity, presence.Placed, [.. offers]), cancellationToken);
        return true;
    }

    [LoggerMessage(LogLevel.Information, "Worker {WorkerId} registered with its control port at {Control}")]
    private partial void LogRegistered(string workerId, Uri control);
}
