using ControlPlane.Credentials;
using ControlPlane.Records;
using ControlPlane.Workspaces;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Hosting;

/// <summary>
/// The first workspace and its owner, from the token in <c>ARCHAL_BOOTSTRAP_TOKEN</c>, when a silo has started. Whichever silo is first
/// writes down which token it is; another one that is given later makes nothing.
/// </summary>
internal sealed partial class Bootstrap(EntityServices services, IConfiguration configuration, ILogger<Bootstrap> logger)
{
    public const string Variable = "ARCHAL_BOOTSTRAP_TOKEN";

    private const string Log = "setup";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (configuration[Variable] is not { Length: > 0 } token)
        {
            return;
        }

        if (!Token.TryParse(token, out var kind, out var id) || kind != CredentialKind.Personal)
        {
            throw new InvalidOperationException($"{Variable} is not a personal token of this service. `archal token new` prints one.");
        }

        var log = new StoredLog(services.Storage);
        await log.TryAppendAsync(Log, 1, [id], cancellationToken);
        if ((await log.ReadAsync(Log, 1, 1, cancellationToken))[0].Text != id)
        {
            LogOther(Variable);
            return;
        }

        // At each start: a crash in the middle of the first one is made up for, and otherwise it changes nothing.
        await FirstWorkspace.CreateAsync(services.Entities, token, services.Clock.Time.GetUtcNow(), cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "{Variable} holds another token than the one this cluster began with: it is ignored")]
    private partial void LogOther(string variable);
}
