using System.Reflection;
using ControlPlane.Events;
using ControlPlane.Gateways;
using ControlPlane.Leases;
using ControlPlane.Logins;
using ControlPlane.Operations;
using ControlPlane.Users;
using ControlPlane.Workers;
using ControlPlane.Workspaces;
using Microsoft.Extensions.Options;
using SessionOptions = ControlPlane.Sessions.SessionOptions;

namespace ControlPlane;

/// <summary>Checks settings at the start: a name with a slip of the pen would otherwise be a setting that silently does nothing.</summary>
internal static class Settings
{
    /// <summary>The sections of this product, each with the options that it binds.</summary>
    private static readonly Dictionary<string, Type> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        [GatewayOptions.Section] = typeof(GatewayOptions),
        [LeaseOptions.Section] = typeof(LeaseOptions),
        [LoginOptions.Section] = typeof(LoginOptions),
        [LimitOptions.Section] = typeof(LimitOptions),
        [SessionOptions.Section] = typeof(SessionOptions),
        [UserOptions.Section] = typeof(UserOptions),
        [WorkspaceOptions.Section] = typeof(WorkspaceOptions),
        [EventStreamOptions.Section] = typeof(EventStreamOptions),
        [OperatorOptions.Section] = typeof(OperatorOptions),
        [WorkerPoolOptions.Section] = typeof(WorkerPoolOptions),
    };

    /// <summary>The framework's own, with names that we do not know.</summary>
    private static readonly string[] Others = ["Logging", "Kestrel"];

    /// <param name="settings">As <c>--Section:Name=value</c>.</param>
    /// <exception cref="StartException">One of them is nothing that can be set.</exception>
    public static void CheckNames(IEnumerable<string> settings)
    {
        foreach (var name in settings.Select(setting => setting.Split('=', 2)[0]))
        {
            var parts = name.TrimStart('-').Split(':');
            if (Others.Contains(parts[0], StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!Ours.TryGetValue(parts[0], out var options))
            {
                throw new StartException($"{name} is no setting: there is no section {parts[0]}. There are {Words([.. Ours.Keys, .. Others])}.");
            }

            var known = options.GetProperties().Where(CanBeSet).Select(property => property.Name).ToList();
            if (!known.Contains(parts[1], StringComparer.OrdinalIgnoreCase))
            {
                throw new StartException($"{name} is no setting. In {parts[0]} there are {Words(known)}.");
            }
        }
    }

    /// <summary>Builds the program and reads every setting that it has.</summary>
    /// <exception cref="StartException">A value is not valid.</exception>
    public static WebApplication Checked(Func<WebApplication> build)
    {
        try
        {
            var app = build();
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            return app;
        }
        catch (OptionsValidationException invalid)
        {
            throw new StartException($"A setting is not valid: {string.Join(" ", invalid.Failures)}", invalid);
        }
        catch (InvalidOperationException unreadable)
        {
            throw new StartException($"A setting is not valid: {unreadable.Message}", unreadable);
        }
    }

    private static bool CanBeSet(PropertyInfo property) => property.CanWrite || property.PropertyType == typeof(IList<string>);

    private static string Words(IEnumerable<string> words) => string.Join(", ", words);
}
