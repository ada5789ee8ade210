using ControlPlane.GitHub;
using Microsoft.Extensions.Configuration;

namespace ControlPlane.Workers;

/// <summary>What a worker's process was told. Secrets come from the environment alone: a command line is seen by everybody on the machine.</summary>
internal sealed class WorkerArguments
{
    private const string SecretVariable = "ARCHAL_WORKER_SECRET";
    private const string TokenVariable = "ARCHAL_JOIN_TOKEN";

    private readonly IConfiguration _given;

    /// <exception cref="UsageException">Something is missing or cannot be read.</exception>
    public WorkerArguments(string[] arguments, Func<string, string?> environment)
    {
        _given = new ConfigurationBuilder().AddCommandLine(arguments).Build();
        var directory = _given["data"] is { Length: > 0 } path ? path : throw new UsageException("Needed: --data <directory>.");
        Join = _given["join"] is { Length: > 0 } silos ? JoinOf(silos, environment) : null;

        // Of a worker that joins, the control plane gives the secret.
        var secret = environment(SecretVariable) ?? "";
        if (Join is null && secret.Length == 0)
        {
            throw new UsageException($"Needed: {SecretVariable} in the environment, or --join <silo> and {TokenVariable}.");
        }

        var defaults = new CloneWorkerOptions { DataDirectory = directory, Secret = secret };
        Worker = defaults with
        {
            DataUrl = _given["data-url"] ?? defaults.DataUrl,
            ControlUrl = _given["control-url"] ?? defaults.ControlUrl,
            Capacity = Number("capacity", defaults.Capacity),
            HeldBodyBytes = Number("body-mebibytes", (int)(defaults.HeldBodyBytes / CloneWorkerOptions.Mebibyte)) * CloneWorkerOptions.Mebibyte,
            DataLimits = Limits(ListenerRole.WorkerData, "DataLimits"),
            ControlLimits = Limits(ListenerRole.WorkerControl, "ControlLimits"),
            GitHub = new GitHubOptions { CoreLimit = Number("github-core-limit", defaults.GitHub.CoreLimit) },
        };
    }

    public CloneWorkerOptions Worker { get; }

    /// <summary>Null: it runs by itself.</summary>
    public JoinOptions? Join { get; }

    private JoinOptions JoinOf(string silos, Func<string, string?> environment) => new()
    {
        Silos = [.. silos.Split(',', StringSplitOptions.TrimEntries).Select(url => Address("join", url))],
        Token = environment(TokenVariable) is { Length: > 0 } token ? token : throw new UsageException($"--join needs the join token in {TokenVariable}."),
        AdvertiseData = _given["advertise-data"] is { } data ? Address("advertise-data", data) : null,
        AdvertiseControl = _given["advertise-control"] is { } control ? Address("advertise-control", control) : null,
    };

    private LimitOptions Limits(ListenerRole role, string section)
    {
        try
        {
            return LimitOptions.Read(role, _given.GetSection(section));
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException($"--{section}: {wrong.Message}");
        }
    }

    private static Uri Address(string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http", PathAndQuery: "/" }
            ? url
            : throw new UsageException($"--{name} is no address such as http://10.0.0.5:7001: {text}");

    private int Number(string name, int otherwise) => _given[name] is not { } text ? otherwise
        : int.TryParse(text, out var number) ? number
        : throw new UsageException($"--{name} is not a number: {text}");
}

/// <summary>The command line was wrong.</summary>
internal sealed class UsageException(string message) : Exception(message);
