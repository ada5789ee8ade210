using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace ControlPlane;

/// <summary>
/// What one listener takes from those who speak to it. Bound from the section <see cref="Section"/>, checked at start; what is not set has a
/// value that fits the listener's role (<see cref="For"/>).
/// </summary>
public sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>
    /// How many connections may be open, streams among them. One more takes the place of one on which nothing is under way (of a sample of 32 the
    /// one that never asked anything, else the one quiet for longest); where something is under way on all of them, and on the listeners of
    /// silos and workers, it is closed unanswered. Each costs some 20 KB of memory while it is idle. Never more than a third of the descriptors that the process may open: a request in one process may need three (the caller's,
    /// the gateway's to the worker, the worker's), and a server without descriptors can no longer refuse anybody. Default: 10 000; a silo and
    /// a control port 1 000, for their callers are few.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>
    /// How many of them may come from one address (of IPv6: from one /64, which is what one customer is given). Smaller leaves more room for
    /// the others when one address opens all it can. Behind a load balancer every caller has its address: set it to
    /// <see cref="MaxConnections"/> there, and have the load balancer count. Unset: half of them; all on a worker's ports, whose callers
    /// are few and ours.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? MaxConnectionsPerAddress { get; set; }

    /// <summary>
    /// How many requests may be under way in a gateway, streams among them; one more is 503 with <c>Retry-After</c>, health checks excepted.
    /// Over HTTP/1.1 the connections bound them; over HTTP/2 each could carry <see cref="MaxStreamsPerConnection"/>. Default: 20 000, of some
    /// 20 KB each.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxRequests { get; set; } = 20_000;

    /// <summary>How many requests one HTTP/2 connection may carry at a time. More wait at the caller. Default: 100, as RFC 9113 advises at least.</summary>
    [Range(1, 10_000)]
    public int MaxStreamsPerConnection { get; set; } = 100;

    /// <summary>
    /// How long the head of a request may take from its first byte, and a TLS handshake. A head is one or two packets, so whoever takes
    /// longer is very far away or holds connections open on purpose. Default: 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a connection may be idle between requests, or before its first. It must be longer than the idle limit of clients and of a
    /// load balancer (usually 60 s): else they send into a connection that is being closed. Default: 75 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(75);

    /// <summary>
    /// How large all headers of a request may be together; more is 431. Default: 32 KiB; 64 KiB on a worker's data port, so that what a
    /// gateway took and added its own to is never refused behind it.
    /// </summary>
    [Range(1024, 1024 * 1024)]
    public int MaxHeaderBytes { get; set; } = 32 * 1024;

    /// <summary>How many headers a request may have; more is 431. Default: 100; 200 on a worker's data port.</summary>
    [Range(10, 1000)]
    public int MaxHeaders { get; set; } = 100;

    /// <summary>How long the first line of a request may be, its path and query in it; more is 414. Default: 8 KiB, as RFC 9112 advises at least.</summary>
    [Range(256, 64 * 1024)]
    public int MaxRequestLineBytes { get; set; } = 8 * 1024;

    /// <summary>
    /// How many bytes a second a body must bring on average after <see cref="RateGrace"/>; slower is 408. Forwarded bodies are excepted: they
    /// keep nothing here, and end when they stand still (<c>Gateway:AnswerTimeout</c>). 0: no such limit. Default: 240, a modem's tenth; none
    /// on a worker's data port, whose bodies are as slow as the caller's.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MinBodyBytesPerSecond { get; set; } = 240;

    /// <summary>
    /// How many bytes a second a caller must read on average, after <see cref="RateGrace"/>, of what it is being sent; slower is cut off. Streams
    /// (events, WebSockets) are excepted. 0: no such limit. Default: 240; none on a worker's data port.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MinAnswerBytesPerSecond { get; set; } = 240;

    /// <summary>How long a body or an answer may be slower than its least rate: a pause is no attack. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:05:00")]
    public TimeSpan RateGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The largest body of a request, null: any. It is no setting: what reads a body bounds it by what it is for (1 MiB of the management
    /// API and of GitHub's clone, <c>Gateway:MaxBodyBytes</c> on its way to any). This is how much is taken of a body that was refused unread, so that its sender still
    /// gets to read why, and what a worker's control port takes: a seed is 32 MiB at most.
    /// </summary>
    internal long? MaxBodyBytes { get; private init; } = 32 * 1024 * 1024;

    /// <summary>Whether a connection on which nothing is under way is closed for a new one. The host must count requests for it (<see cref="RequestBound"/>).</summary>
    internal bool MakesRoom { get; private init; }

    /// <summary><see cref="MaxConnections"/>, as far as descriptors go.</summary>
    internal int EffectiveConnections => Math.Max(1, Math.Min(MaxConnections, Descriptors.Most / 3));

    /// <summary>Whether one address may have all connections where nothing is set.</summary>
    internal bool OneAddressMayHaveAll { get; private init; }

    internal int EffectiveConnectionsPerAddress =>
        MaxConnectionsPerAddress ?? (OneAddressMayHaveAll ? EffectiveConnections : Math.Max(1, EffectiveConnections / 2));

    /// <summary>What a listener of this role has where nothing is set.</summary>
    public static LimitOptions For(ListenerRole role) => role switch
    {
        // Behind a stolen join token there is half a mebibyte of heartbeat and no more.
        ListenerRole.Silo => new LimitOptions { MaxConnections = 1000, MaxBodyBytes = 4 * 1024 * 1024 },
        ListenerRole.WorkerControl => new LimitOptions { MaxConnections = 1000, OneAddressMayHaveAll = true },
        ListenerRole.WorkerData => new LimitOptions
        {
            OneAddressMayHaveAll = true, MaxHeaderBytes = 64 * 1024, MaxHeaders = 200, MinBodyBytesPerSecond = 0,
            MinAnswerBytesPerSecond = 0, MaxBodyBytes = null,
        },
        _ => new LimitOptions { MakesRoom = true },
    };

    /// <summary>The same, with what is configured on top, for a process without a host.</summary>
    /// <exception cref="ArgumentException">A setting is unknown, cannot be read or is out of its range; the message says which.</exception>
    public static LimitOptions Read(ListenerRole role, IConfiguration section)
    {
        var limits = For(role);
        try
        {
            section.Bind(limits, static binder => binder.ErrorOnUnknownConfiguration = true);
            Validator.ValidateObject(limits, new ValidationContext(limits), validateAllProperties: true);
            return limits;
        }
        catch (Exception fault) when (fault is InvalidOperationException or ValidationException)
        {
            throw new ArgumentException(fault.Message, fault);
        }
    }
}
