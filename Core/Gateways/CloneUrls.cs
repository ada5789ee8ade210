namespace ControlPlane.Gateways;

/// <summary>
/// The public URLs of a session's clones, built from configuration and ids in lower case. Nothing a caller sent is copied into them.
/// </summary>
/// <param name="listening">
/// The addresses that the server listens on, asked once, and only when no public URL is configured: they are not known before it listens.
/// </param>
public sealed class CloneUrls(GatewayOptions options, Func<IEnumerable<string>> listening)
{
    private readonly Lazy<Prefixes> _prefixes = new(() => Prefixes.Of(options, listening));

    /// <summary>The form that is handed out where the caller has not chosen one.</summary>
    public CloneForm Advertised { get; } = options.EffectiveAdvertiseForm;

    /// <summary>Scheme, host and port of the management API, without a trailing slash.</summary>
    public string Public => _prefixes.Value.Public;

    /// <summary>A clone's base URL in a form, without a trailing slash and without <c>/api</c>. The ids are in lower case.</summary>
    public string Base(CloneForm form, string sessionId, string cloneName) => form == CloneForm.Path
        ? string.Concat(_prefixes.Value.BeforePathSession, sessionId, "/", cloneName)
        : string.Concat(string.Concat(_prefixes.Value.BeforeHostSession, sessionId), _prefixes.Value.AfterHostSession, cloneName);

    /// <summary>A clone's base URL in the advertised form.</summary>
    public string Base(string sessionId, string cloneName) => Base(Advertised, sessionId, cloneName);

    /// <summary>What a service's own SDK is pointed at.</summary>
    public string Api(string sessionId, string cloneName) => Base(sessionId, cloneName) + "/api";

    /// <summary>What an MCP client is pointed at.</summary>
    public string Mcp(string sessionId, string cloneName) => Base(sessionId, cloneName) + "/mcp";

    /// <summary>The path of a clone in the path form, where its cookies are at home.</summary>
    public static string Path(string sessionId, string cloneName) => $"/runtime/{sessionId}/{cloneName}";

    private sealed record Prefixes(string Public, string BeforePathSession, string BeforeHostSession, string AfterHostSession)
    {
        public static Prefixes Of(GatewayOptions options, Func<IEnumerable<string>> listening)
        {
            var url = options.PublicUrl ?? Listening(options, listening());
            var port = url.IsDefaultPort ? "" : $":{url.Port}";
            var authority = $"{url.Scheme}://{url.Host}{port}";
            return new Prefixes(
                authority, $"{authority}/runtime/", $"{url.Scheme}://", $".{options.CloneDomain.ToLowerInvariant()}{port}/");
        }

        // A wildcard address (http://[::]:5080, http://*:80) is no name that a caller could use, and a name that is not public would be
        // refused, so the first public host stands in for both.
        private static Uri Listening(GatewayOptions options, IEnumerable<string> addresses)
        {
            var hosts = options.EffectivePublicHosts;
            foreach (var address in addresses)
            {
                if (!address.StartsWith("http", StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                var anyHost = address.Replace("//*", "//[::]", StringComparison.Ordinal).Replace("//+", "//[::]", StringComparison.Ordinal);
                var url = new Uri(anyHost);
                return hosts.Contains(url.Host, StringComparer.OrdinalIgnoreCase)
                    ? url
                    : new UriBuilder(url.Scheme, hosts[0], url.Port).Uri;
            }

            throw new InvalidOperationException("The server listens on no HTTP address: set Gateway:PublicUrl.");
        }
    }
}
