namespace ControlPlane.Hosting;

/// <summary>A gateway that starts before its silos looks for them until they are there.</summary>
internal sealed partial class KeepLooking(ILogger<KeepLooking> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        LogNotFound(exception.Message);
        await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        return true;
    }

    [LoggerMessage(EventId = 3001, EventName = "NoSiloAnswersYet", Level = LogLevel.Warning, Message = "No silo answers yet: {Problem}")]
    private partial void LogNotFound(string problem);
}
