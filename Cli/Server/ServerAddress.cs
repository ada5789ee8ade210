using System.Net;

namespace ControlPlane.Server;

/// <summary>Where the control plane is, and whether a token may go there.</summary>
internal sealed class ServerAddress
{
    public const string Default = "http://localhost:8080";

    private ServerAddress(Uri uri, bool isThisMachine)
    {
        Uri = uri;
        IsThisMachine = isThisMachine;
    }

    /// <summary>Ends with a slash, so that a path below it is kept.</summary>
    public Uri Uri { get; }

    /// <summary>Then no proxy is asked either: it would be handed the token.</summary>
    public bool IsThisMachine { get; }

    /// <exception cref="CommandFailure">It is no address, or a token sent there could be read on the way.</exception>
    /// <param name="configured">What the profile says; the variable goes before it. Null: nothing.</param>
    public static ServerAddress Read(string? configured, bool insecure)
    {
        var uri = ArchalVariables.Read(ArchalVariables.ApiUrl) is { } variable ? Parse(variable, ArchalVariables.ApiUrl) : Parse(configured ?? Default, "api-url");

        // Not *.localhost: whether that is this machine is up to a resolver.
        var isThisMachine = uri.IdnHost == "localhost"
            || (IPAddress.TryParse(uri.IdnHost, out var address) && IPAddress.IsLoopback(address));
        return uri.Scheme == "https" || isThisMachine || insecure
            ? new(uri, isThisMachine)
            : throw CommandFailure.WrongUse(
                $"A token would go to {uri.Host} over plain http, where others can read it. "
                + "Use https, or add --insecure in a network you trust.");
    }

    /// <param name="name">How the caller knows what the text was read from.</param>
    /// <exception cref="CommandFailure">It is no address.</exception>
    public static Uri Parse(string text, string name)
    {
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https") || uri is not { UserInfo: "", Query: "", Fragment: "" })
        {
            // Not repeated: it may hold a password.
            throw CommandFailure.WrongUse(
                $"{name} is not an address such as {Default} or https://control-plane.example.");
        }

        return uri;
    }

    public override string ToString() => Uri.ToString().TrimEnd('/');
}
