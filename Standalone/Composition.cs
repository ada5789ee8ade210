using ControlPlane.Gateways;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Logins;
using ControlPlane.Operations;
using ControlPlane.Storage;
using ControlPlane.Users;
using ControlPlane.Workers;
using ControlPlane.Workspaces;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using SessionOptions = ControlPlane.Sessions.SessionOptions;

namespace ControlPlane;

/// <summary>Puts the parts together: what the process is made of, and the order in which a request meets them.</summary>
internal static class Composition
{
    /// <param name="storage">Asked when the first entity is: settings are checked before anything is opened.</param>
    /// <exception cref="StartException">A setting is unknown or not valid.</exception>
    public static WebApplication Build(StartOptions options, Func<SqliteStorage> storage)
    {
        Settings.CheckNames(options.Settings);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddCommandLine([.. options.Settings]);
        builder.WebHost.UseUrls([.. options.Urls.Select(url => url.GetLeftPart(UriPartial.Authority))]);
        builder.WebHost.UseKestrelHttpsConfiguration();

        // Logs go to standard error, one JSON object a line if Logging:Console:FormatterName=json; standard output is for people.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddLogFormat();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        // What keeps it from starting is said once, in one line, by us.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // What is in flight is finished; streams that never end are not waited for longer than this.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        AddOptions<LeaseOptions>(builder.Services, LeaseOptions.Section);
        AddOptions<SessionOptions>(builder.Services, SessionOptions.Section);
        AddOptions<UserOptions>(builder.Services, UserOptions.Section);
        AddOptions<WorkspaceOptions>(builder.Services, WorkspaceOptions.Section);
        AddOptions<LoginOptions>(builder.Services, LoginOptions.Section);
        AddOptions<WorkerPoolOptions>(builder.Services, WorkerPoolOptions.Section);
        builder.Services.AddListenerLimits(ListenerRole.Public);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ISilos>(new OneProcess(TimeProvider.System));
        builder.Services.AddSingleton<IBackups>(new OnlineBackups(Path.GetFullPath(options.Data), TimeProvider.System));
        builder.Services.AddSingleton<LocalDoors>();
        builder.Services.AddSingleton<WorkerClients>();
        builder.Services.AddSingleton(services => new LocalEntities(
            storage(), services.GetRequiredService<LocalDoors>(), TimeProvider.System,
            new EntityOptions(
                Value<LeaseOptions>(services), Value<SessionOptions>(services), Value<WorkspaceOptions>(services), Value<WorkerPoolOptions>(services),
                Value<UserOptions>(services), Value<LoginOptions>(services)),
            id => services.GetRequiredService<WorkerClients>().Find(id, services.GetRequiredService<LocalEntities>().Workers)));
        builder.Services.AddSingleton<Entities.IEntities>(services => services.GetRequiredService<LocalEntities>());
        builder.Services.AddSingleton(services => new Gateway(
            services.GetRequiredService<LocalEntities>(), services.GetRequiredService<LocalDoors>(), Value<LeaseOptions>(services),
                TimeProvider.System));
        builder.Services.AddSingleton(services =>
            new RefusedTokens(TimeProvider.System, Value<GatewayOptions>(services).RefusedTokensPerMinute));
        builder.Services.AddSingleton<Admission>();
        builder.Services.AddSingleton<WarmUp>();
        builder.Services.AddCloneProxy();
        builder.Services.AddManagementApi();
        builder.Services.AddTelemetryExport("archal-standalone");

        return Settings.Checked(builder.Build);
    }

    /// <summary>The order in which a request meets the parts. They are made here, so the storage is open by now.</summary>
    public static void Connect(WebApplication app)
    {
        app.UseEnvelopeForUnreadable();
        app.UseRequestBound();
        app.UseCloneProxy();
        app.MapManagementApi();
    }

    private static void AddOptions<T>(IServiceCollection services, string section) where T : class =>
        services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();

    private static T Value<T>(IServiceProvider services) where T : class => services.GetRequiredService<IOptions<T>>().Value;
}
