using System.Net;

namespace ControlPlane;

/// <summary>What the command line says. Everything that is not named here is a setting, such as <c>--Sessions:IdleLimit=00:10:00</c>.</summary>
/// <param name="Urls">Where to listen.</param>
/// <param name="Restore">The backup to put in the place of what the data directory holds, instead of running; null: to run.</param>
/// <param name="Settings">Settings as <c>--Section:Name=value</c>, for the configuration.</param>
public sealed record StartOptions(IReadOnlyList<Uri> Urls, string Data, bool Insecure, bool Help, IReadOnlyList<string> Settings, string? Restore = null)
{
    public const string Usage =
        """
        Runs the whole session control plane in one process.

        Usage: dotnet run --project Standalone -c Release [-- options]

          --urls URL[;URL]   where to listen; http://localhost:8080 if not given
          --data DIR         where to keep everything; ./data if not given
          --restore FILE     put a backup in the place of what DIR holds, and end; nothing may run on DIR
          --insecure         allow http on addresses that others can reach (tokens then travel in the clear)
          --Section:Name=V   any setting, for example --Sessions:IdleLimit=00:10:00
          --help             this text
        """;

    /// <exception cref="StartException">An option is unknown or has no value, or an address is not allowed.</exception>
    public static StartOptions Parse(IReadOnlyList<string> arguments, string? urls)
    {
        var (data, insecure, help) = ("data", false, false);
        string? restore = null;
        var settings = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, inline) = arguments[i].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[i], null);
            string Value() => inline ?? (++i < arguments.Count ? arguments[i]
                : throw new StartException($"{name} needs a value. See --help."));
            switch (name)
            {
                case "--urls":
                    urls = Value();
                    break;
                case "--data":
                    data = Value();
                    break;
                case "--restore":
                    restore = Value();
                    break;
                case "--insecure":
                    insecure = true;
                    break;
                case "--help" or "-h":
                    help = true;
                    break;
                case var setting when setting.StartsWith("--", StringComparison.Ordinal) && setting.Contains(':'):
                    settings.Add($"{setting}={Value()}");
                    break;
                default:
                    throw new StartException($"{name} is not an option. See --help.");
            }
        }

        if (data.Length == 0)
        {
            throw new StartException("--data needs a directory. See --help.");
        }

        var listen = (urls ?? "http://localhost:8080").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return listen.Length == 0
            ? throw new StartException("--urls needs an address, such as http://localhost:8080.")
            : new StartOptions([.. listen.Select(url => Allowed(url, insecure))], data, insecure, help, settings, restore);
    }

    private static Uri Allowed(string text, bool insecure)
    {
        // Kestrel's own words for "every address" are no host names.
        var any = text.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(any, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.PathAndQuery != "/")
        {
            throw new StartException($"--urls: {text} is not an address such as http://localhost:8080.");
        }

        var loopback = url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        return loopback || insecure || url.Scheme == "https"
            ? url
            : throw new StartException($"--urls: others can reach {text}, and without TLS tokens travel in the clear. Use https, or say --insecure.");
    }
}
