using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Console;

namespace ControlPlane;

/// <summary>How the lines of the log look, in each process with a host alike.</summary>
public static class LogFormat
{
    /// <summary>
    /// As <c>Logging:Console:FormatterName</c> says. The builder of the host reads that and then asks for plain text, which would have the
    /// last word.
    /// </summary>
    public static IServiceCollection AddLogFormat(this IServiceCollection services)
    {
        services.DropWhatNobodyReads();
        services.AddOptions<ConsoleLoggerOptions>().PostConfigure<IConfiguration>(static (console, configuration) =>
            console.FormatterName = configuration["Logging:Console:FormatterName"] ?? console.FormatterName);
        return services;
    }

    /// <summary>Nothing waits for whoever reads the log: what is not taken in time is dropped, and a line says how much that was.</summary>
    public static IServiceCollection DropWhatNobodyReads(this IServiceCollection services) =>
        services.Configure<ConsoleLoggerOptions>(static console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
}
