using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Gateways;

/// <summary>How a gateway is reached and how long it waits. Bound from the section <see cref="Section"/>, checked at start.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>
    /// The domain below which every session has a host of one label. It needs a wildcard DNS record and certificate; the default needs
    /// neither, because resolvers that know RFC 6761 answer <c>*.localhost</c> themselves. Never with a port.
    /// </summary>
    [Required, RegularExpression(@"^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$")]
    public string CloneDomain { get; set; } = "clones.localhost";

    /// <summary>
    /// The hosts, without ports, that serve the management API and the path form. Every other host is answered 404, health checks
    /// included, so that a name that merely resolves here reaches nothing. Empty: <c>localhost</c>, <c>127.0.0.1</c> and <c>[::1]</c>.
    /// </summary>
    public IList<string> PublicHosts { get; } = [];

    /// <summary>
    /// Scheme, host and port under which callers reach this gateway, as in <c>https://api.example.com</c>. Behind a TLS terminator it
    /// must be set. Unset: the address the server listens on. Never taken from a caller's <c>Host</c>.
    /// </summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>
    /// The form in which clone URLs are handed out. Unset: <see cref="CloneForm.Path"/> when the clone domain ends in <c>localhost</c>,
    /// which many HTTP clients cannot resolve below its first label, else <see cref="CloneForm.Host"/>.
    /// </summary>
    public CloneForm? AdvertiseForm { get; set; }

    /// <summary>
    /// How long a clone may take to begin its answer while nothing moves. A larger value keeps connections for clones that hang; a
    /// smaller one fails slow answers. Bytes of an upload that move count as life.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a body that has begun may stand still before it is cut. Event streams and upgraded connections have no such limit.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan BodyIdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many tokens from one address may be refused within a minute before it gets 429 instead of a look-up. Smaller slows guessing and
    /// misconfigured scripts alike; tokens that the gateway holds as good are never concerned.
    /// </summary>
    [Range(1, 1_000_000)]
    public int RefusedTokensPerMinute { get; set; } = 20;

    /// <summary>The largest request body in bytes that is forwarded. Unset: any, because the gateway's memory does not grow with it; a clone takes what its service needs.</summary>
    [Range(1, long.MaxValue)]
    public long? MaxBodyBytes { get; set; }

    /// <summary>
    /// How many bytes of clones' states, read from callers and on their way to them, may be in this process's memory at one time. Beyond it 503
    /// until others are done. Smaller: callers with large states wait for each other; larger: so much more memory, several times over while it
    /// is on its way to a silo. On their way from workers 256 MiB more. A state has 32 MiB at most on its way in, and 128 MiB on its way out.
    /// </summary>
    [Range(134_217_728, 68_719_476_736)]
    public long MaxStateBytes { get; set; } = 268_435_456;

    /// <summary>
    /// Whether the outer credential reaches the clone in the one published case: <c>Authorization</c> alone. <c>false</c> keeps a live
    /// token of ours away from clones, and breaks callers that count on the clone seeing some <c>Authorization</c>.
    /// </summary>
    public bool PassOuterCredential { get; set; } = true;

    /// <summary>
    /// The web origins, as in <c>https://app.example.com</c>, whose scripts may call clones. Their preflights are answered here, without
    /// a credential and never with <c>Access-Control-Allow-Credentials</c>.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary><see cref="PublicHosts"/>, or its default.</summary>
    public IReadOnlyList<string> EffectivePublicHosts => PublicHosts.Count == 0 ? Loopback : [.. PublicHosts];

    /// <summary><see cref="AdvertiseForm"/>, or its default.</summary>
    public CloneForm EffectiveAdvertiseForm => AdvertiseForm
        ?? (CloneDomain.EndsWith("localhost", StringComparison.OrdinalIgnoreCase) ? CloneForm.Path : CloneForm.Host);

    /// <summary>What attributes cannot say; null when all is well.</summary>
    public string? Fault()
    {
        if (PublicUrl is { } url && !IsOrigin(url))
        {
            return "Gateway:PublicUrl is an http or https URL of scheme, host and port, without a path.";
        }

        foreach (var host in PublicHosts)
        {
            if (Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown || host.EndsWith('.'))
            {
                return "Gateway:PublicHosts are host names or addresses without a port, IPv6 ones in brackets.";
            }
        }

        foreach (var origin in AllowedOrigins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var parsed) || !IsOrigin(parsed) || origin.EndsWith('/'))
            {
                return "Gateway:AllowedOrigins are origins (scheme, host and port), never '*'.";
            }
        }

        return null;
    }

    private static bool IsOrigin(Uri url) => url.IsAbsoluteUri && url.Scheme is "http" or "https"
        && url.PathAndQuery == "/" && url.Fragment.Length == 0 && url.UserInfo.Length == 0;
}
