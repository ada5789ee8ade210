using System.CommandLine;
using ControlPlane.Auth;
using ControlPlane.Config;
using ControlPlane.Files;
using ControlPlane.Server;
using ControlPlane.Sessions;

namespace ControlPlane.Commands;

/// <summary>What one call of the program works with. Made on demand: a command that needs no token asks for none.</summary>
internal sealed class Invocation : IDisposable
{
    private readonly ArchalHome _home = new();
    private ServerClient? _server;

    public Invocation(ParseResult parsed, TimeProvider time)
    {
        Parsed = parsed;
        Time = time;
        Profile = Config.Profile.Choose(parsed.GetValue(CommonOptions.Profile));
        Credentials = new(_home, Profile);
        Configuration = new(_home, Profile);
        CurrentSession = new(_home, Profile);
        EarlierStarts = new(_home);
    }

    public ParseResult Parsed { get; }

    public TimeProvider Time { get; }

    /// <summary>Whose credentials and configuration are used.</summary>
    public string Profile { get; }

    public Configuration Configuration { get; }

    public Credentials Credentials { get; }

    public CurrentSession CurrentSession { get; }

    public EarlierStarts EarlierStarts { get; }

    public bool WantsJson => Parsed.GetValue(CommonOptions.Json);

    public bool IsVerbose => Parsed.GetValue(CommonOptions.Verbose);

    /// <summary>The workspace that the caller named; null leaves it to the token.</summary>
    public string? Workspace =>
        (Parsed.GetValue(CommonOptions.Workspace) ?? ArchalVariables.Read(ArchalVariables.WorkspaceId) ?? Configuration.Values.Workspace) is { } named
            ? UrlId.Checked(named, "workspace")
            : null;

    /// <summary>The server, called with the caller's own token.</summary>
    public ServerClient Server => _server ??= ServerFor(null);

    /// <summary>The server, called with this token; null means the caller's own.</summary>
    public ServerClient ServerFor(string? token) => _server = new(Address, token ?? Credentials.Token(), Workspace, IsVerbose, Time);

    /// <summary>The server, called with the caller's own token and no workspace named: that which is configured may be one that the caller has left.</summary>
    public ServerClient ServerOfAnyWorkspace => _server ??= new(Address, Credentials.Token(), null, IsVerbose, Time);

    /// <summary>The server, called by somebody who is not logged in.</summary>
    public ServerClient AnonymousServer => _server ??= new(Address, null, null, IsVerbose, Time);

    private ServerAddress Address => ServerAddress.Read(Configuration.Values.ApiUrl, Parsed.GetValue(CommonOptions.Insecure));

    /// <summary>The workspace for paths that name one: asked for when the caller has not named it.</summary>
    public async Task<string> WorkspaceAsync(CancellationToken cancellationToken) =>
        Workspace ?? (await Server.GetAsync("/auth/me", ContractsJson.Default.AuthMe, cancellationToken)).WorkspaceId;

    public void Dispose() => _server?.Dispose();
}
