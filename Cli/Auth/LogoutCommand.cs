using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Auth;

/// <summary>Forgets the stored token. The token itself stays good, for it may be in use elsewhere, unless it is to be revoked.</summary>
internal sealed class LogoutCommand : ArchalCommand
{
    private readonly Option<bool> _revoke = new("--revoke") { Description = "End the stored token too, everywhere and for ever." };

    public LogoutCommand(TimeProvider time)
        : base(
            "logout",
            "Forget the stored token. The token itself is not revoked, unless --revoke says so.",
            time,
            "archal logout",
            "archal logout --revoke") => Options.Add(_revoke);

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var revoked = "";
        if (invocation.Parsed.GetValue(_revoke) && invocation.Credentials.Stored() is { } token)
        {
            // Before it is forgotten: a token that could not be revoked is still there to try again with.
            var report = await invocation.ServerFor(token).PostAsync(
                "/auth/revoke", new RevokeTokenRequest { Token = token }, ContractsJson.Default.RevokeTokenRequest, cancellationToken);
            revoked = report is null ? " The server knows no such token (any more)." : $" The token is revoked: {report}.";
        }

        Screen.WriteLine((invocation.Credentials.Forget() ? "Logged out." : "Not logged in.") + revoked);
        if (ArchalVariables.Read(ArchalVariables.Token) is not null)
        {
            Screen.WriteRemark("ARCHAL_TOKEN is still set and still used.");
        }

        return ExitCodes.Good;
    }
}
