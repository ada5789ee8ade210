using Microsoft.Extensions.Configuration;

namespace ControlPlane.Workers;

/// <summary>How a worker joins a cluster.</summary>
/// <param name="Silos">The silos' internal listeners; any of them will do.</param>
/// <param name="Token">What lets a worker register.</param>
/// <param name="ControlUrl">Where silos reach this worker, if not where it listens.</param>
/// <param name="DataUrl">Where gateways reach it, if not where it listens.</param>
internal sealed record JoinOptions(IReadOnlyList<Uri> Silos, string Token, Uri? ControlUrl, Uri? DataUrl)
{
    public const string TokenVariable = "ARCHAL_JOIN_TOKEN";

    /// <summary>Null: the worker is not to join.</summary>
    /// <exception cref="ArgumentException">An address is none, or the token is missing.</exception>
    public static JoinOptions? Read(IConfiguration given, string? token) => given["join"] is not { Length: > 0 } silos ? null : new JoinOptions(
        [.. silos.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(url => Address("join", url))],
        token is { Length: > 0 } ? token : throw new ArgumentException($"--join needs {TokenVariable} in the environment."),
        given["control-address"] is { } control ? Address("control-address", control) : null,
        given["data-address"] is { } data ? Address("data-address", data) : null);

    private static Uri Address(string name, string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        ? url
        : throw new ArgumentException($"--{name}: {text} is not an address such as http://10.0.0.5:7000.");
}
