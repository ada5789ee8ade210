using System.Diagnostics.CodeAnalysis;
using ControlPlane.Credentials;
using ControlPlane.Records;
using ControlPlane.Workspaces;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane.Hosting;

/// <summary>
/// The first workspace and its owner, from the token in <c>ARCHAL_BOOTSTRAP_TOKEN</c>, when a silo has started. Whichever silo is first
/// writes down which token it is; another one that is given later makes nothing.
/// </summary>
/// <remarks>
/// Beside the silo and not part of its start: in a cluster that comes back after all of it was killed, calls fail for some seconds, and a
/// silo that gave up for that would make it worse.
/// </remarks>
internal sealed partial class Bootstrap(EntityServices services, IConfiguration configuration, ILogger<Bootstrap> logger) : BackgroundService
{
    public const string Variable = "ARCHAL_BOOTSTRAP_TOKEN";

    private const string Log = "setup";

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <exception cref="OptionsValidationException">What is given is no token of this service: the process does not start.</exception>
    public override Task StartAsync(CancellationToken cancellationToken) =>
        configuration[Variable] is { Length: > 0 } token && !(Token.TryParse(token, out var kind, out _) && kind == CredentialKind.Personal)
            ? throw new OptionsValidationException(Variable, typeof(string), [$"{Variable} is not a personal token of this service. `archal token new` prints one."])
            : base.StartAsync(cancellationToken);

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps it from being made, it is tried again.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (configuration[Variable] is { Length: > 0 } token)
        {
            try
            {
                await MakeAsync(token, stoppingToken);
                return;
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotYet(problem.Message);
                await Task.Delay(Retry, TimeProvider.System, stoppingToken);
            }
        }
    }

    private async Task MakeAsync(string token, CancellationToken cancellationToken)
    {
        if (!Token.TryParse(token, out _, out var id))
        {
            return;
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

    [LoggerMessage(EventId = 5001, EventName = "FirstWorkspaceDelayed", Level = LogLevel.Warning,
        Message = "The first workspace cannot be made yet: {Problem}")]
    private partial void LogNotYet(string problem);

    [LoggerMessage(EventId = 5002, EventName = "BootstrapTokenIgnored", Level = LogLevel.Warning,
        Message = "{Variable} holds another token than the one this cluster began with: it is ignored")]
    private partial void LogOther(string variable);
}
