using System.Reflection;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Leases;
using ControlPlane.Sessions;

namespace ControlPlane;

/// <summary>Owners that say yes to everything, of whatever is asked. The runtime derives from it.</summary>
public class Owners : DispatchProxy
{
    private string _key = "";

    public static IEntities Entities { get; } = Create<IEntities, Owners>();

    public static CredentialFact Credential(string id) => new(id, CredentialKind.WorkspaceKey, "ws-1", null, ScopeRules.All, 1, null, null);

    public static SessionFact Session(string id) => new(
        id, "ws-1", 1, TimeSpan.FromDays(1), 1, new Uri("http://127.0.0.1:1"), "key", ["github"], Budgeted: false);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => (targetMethod?.DeclaringType?.Name, targetMethod?.Name) switch
    {
        (nameof(IEntities), nameof(IEntities.Credential)) => Of<ICredential>(args),
        (nameof(IEntities), nameof(IEntities.Session)) => Of<ISession>(args),
        (nameof(IEntities), nameof(IEntities.Gateway)) => Of<IGateway>(args),
        (nameof(ICredential), nameof(ICredential.AuthorizeAsync)) => Task.FromResult(new CredentialAnswer(CredentialStanding.Good, Credential(_key))),
        (nameof(ISession), nameof(ISession.AuthorizeAsync)) => Task.FromResult(new SessionAnswer("ws-1", SessionStatus.Running, null, Session(_key))),
        (nameof(IGateway), nameof(IGateway.OpenAsync) or nameof(IGateway.RenewAsync)) =>
            Task.FromResult(new LeaseAnswer(false, TimeSpan.FromMinutes(1), [])),
        (_, var name) when targetMethod?.ReturnType == typeof(Task) && name is not null => Task.CompletedTask,
        var (type, name) => throw new NotSupportedException($"{type}.{name}"),
    };

    private static T Of<T>(object?[]? args) where T : class
    {
        var owner = Create<T, Owners>();
        ((Owners)(object)owner)._key = args?[0] as string ?? "";
        return owner;
    }
}
