using ControlPlane.GitHub;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Workers;

/// <summary>What a worker needs to know to run.</summary>
public sealed record CloneWorkerOptions
{
    internal const long Mebibyte = 1024 * 1024;
    internal const long LeastHeldBodyBytes = 16 * Mebibyte;

    /// <summary>Where it keeps its id, its placements and their state. One worker at a time; it is created where it is missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The secret that the control port takes. It is given at run time and never stored.</summary>
    public required string Secret { get; init; }

    /// <summary>Where gateways forward to. Port 0 takes any that is free.</summary>
    public string DataUrl { get; init; } = "http://127.0.0.1:0";

    /// <summary>Where the control plane speaks to the worker. Port 0 takes any that is free.</summary>
    public string ControlUrl { get; init; } = "http://127.0.0.1:0";

    /// <summary>What the data port takes.</summary>
    public LimitOptions DataLimits { get; init; } = LimitOptions.For(ListenerRole.WorkerData);

    /// <summary>What the control port takes.</summary>
    public LimitOptions ControlLimits { get; init; } = LimitOptions.For(ListenerRole.WorkerControl);

    /// <summary>How many sessions it takes. More cost memory: about a kilobyte each while unused, their state once used.</summary>
    public int Capacity { get; init; } = 1000;

    /// <summary>
    /// How many bytes of requests' bodies it has in memory at one time, with what they are read into (up to thirteen times a body's length, once it
    /// is whole); of one body more than 16 KiB it answers 503. Smaller: large bodies are refused sooner; larger: more memory for whoever sends
    /// many slowly. 16 MiB at least, for one of the largest.
    /// </summary>
    public long HeldBodyBytes { get; init; } = 128 * Mebibyte;

    /// <summary>The clock of everything here.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where it logs to. Nothing of a request is logged but the session's and the clone's name.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>What can be set about the GitHub clone.</summary>
    public GitHubOptions GitHub { get; init; } = new();
}
