using System.CommandLine;
using ControlPlane.Auth;
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
        Credentials = new(_home);
        CurrentSession = new(_home);
        EarlierStarts = new(_home);
    }

    public ParseResult Parsed { get; }

    public TimeProvider Time { get; }

    public Credentials Credentials { get; }

    public CurrentSession CurrentSession { get; }

    public EarlierStarts EarlierStarts { get; }

    public bool WantsJson => Parsed.GetValue(CommonOptions.Json);

    public bool IsVerbose => Parsed.GetValue(CommonOptions.Verbose);

    /// <summary>The workspace that the caller named; null leaves it to the token.</summary>
    public string? Workspace =>
        (Parsed.GetValue(CommonOptions.Workspace) ?? ArchalVariables.Read(ArchalVariables.WorkspaceId)) is { } named
            ? UrlId.Checked(named, "workspace")
            : null;

    /// <summary>The server, called with the caller's own token.</summary>
    public ServerClient Server => _server ??= ServerFor(null);

    /// <summary>The server, called with this token; null means the caller's own.</summary>
    public ServerClient ServerFor(string? token)
    {
        // The address first: what is wrong with it matters more than a missing token.
        var address = ServerAddress.Read(Parsed.GetValue(CommonOptions.Insecure));
        return _server = new(address, token ?? Credentials.Token(), Workspace, IsVerbose, Time);
    }

    /// <summary>The server, called by nobody in particular.</summary>
    public ServerClient ServerForNobody() =>
        _server = new(ServerAddress.Read(Parsed.GetValue(CommonOptions.Insecure)), null, null, IsVerbose, Time);

    /// <summary>The workspace for paths that name one: asked for when the caller has not named it.</summary>
    public async Task<string> WorkspaceAsync(CancellationToken cancellationToken) =>
        Workspace ?? (await Server.GetAsync("/auth/me", ContractsJson.Default.AuthMe, cancellationToken)).WorkspaceId;

    public void Dispose() => _server?.Dispose();
}
