using System.Reflection;
using System.Text.Json;
using ControlPlane.Authorization;
using ControlPlane.Creations;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Users;
using ControlPlane.Workers;
using ControlPlane.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace ControlPlane.Messages;

public sealed class CoreMessagesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Serializer Serializer = MakeSerializer();

    public static TheoryData<object> Messages =>
    [
        new Caller("c", CredentialKind.Personal, "w", "u", Role.Admin, Scopes.SessionsRead | Scopes.WorkspacesRead),
        TokenDigest.Of("a token"),
        new NewCredential(CredentialKind.WorkspaceKey, "w", null, "l", ScopeRules.All, TokenDigest.Of("t"), Noon, "me", Noon.AddDays(1)),
        new CredentialAnswer(CredentialStanding.Good, new CredentialFact("i", CredentialKind.Login, "w", "u", ScopeRules.All, 7, TimeSpan.FromSeconds(5), Noon)),
        new SessionUse(TimeSpan.FromMilliseconds(12), 3, 4_000_000_000, Final: true),
        new BudgetShare(3, 40),
        new SessionAnswer("w", SessionStatus.Running, null, null, new Refusal(ErrorCode.CloneUnreachable, "gone", TimeSpan.FromSeconds(2))),
        new Recall(RecallKind.Share, Subject.Session("s"), 9, new Refusal(ErrorCode.SessionEnded, "over"), 4),
        new RecallAnswer("g", RecallKind.Use, Subject.Membership("w", "u"), 9, 4, int.MaxValue, TimeSpan.FromTicks(7)),
        new RecallReport(3, 1, 5021),
        new KeyRotation(new CredentialView("i", CredentialKind.WorkspaceKey, "l", ScopeRules.All, Noon, "me", null, Noon, null), new RecallReport(1, 0, 2)),
        new WorkspaceView("w", "n", Noon, new Dictionary<string, Role> { ["u"] = Role.Admin }, 2, [new TakenMembership("v", 4)]),
        new MembershipFact("w", "u", Role.Owner, 3),
        new NewWorkspace("n", "u", Noon),
        new Invitations.Acceptance("u", new Invitations.FirstToken("t", TokenDigest.Of("t")), "192.0.2.1"),
        new Invitations.InvitationView("i", "a@example.test", Role.Admin, "u", Noon, Noon.AddDays(1), true),
        new Audit.AuditPage([new Audit.AuditEvent("1", "w", Noon, "user:u", Audit.AuditAction.TokenRevoke, "t", null, null, ErrorCode.NotFound, 2)], 7),
        new Usage.UsageReport("g", 4, [new Usage.UsageRow(new DateOnly(2026, 1, 1), "key:k", 1, 2, 3, 4, 5), new Usage.UsageRow(null, "user:u")]),
        new CreationStep("s", [0, 255]),
        new PlacementOrder("s", 1, "k", new Dictionary<string, string> { ["github"] = "empty" }),
    ];

    [Theory, MemberData(nameof(Messages))]
    public void A_message_arrives_as_it_was_sent(object sent)
    {
        var arrived = Serializer.Deserialize<object>(Serializer.SerializeToArray(sent));

        Assert.Equal(JsonSerializer.Serialize(sent), JsonSerializer.Serialize(arrived));
        Assert.IsType(sent.GetType(), arrived);
    }

    [Fact]
    public void A_list_that_a_collection_expression_made_arrives_as_a_list()
    {
        IReadOnlyList<RecallAnswer> sent = [.. new[] { "a", "b" }.Select(name => new RecallAnswer(name, RecallKind.Drop, Subject.Session(name), 1))];
        IReadOnlyList<string> none = [];

        Assert.Equal(sent, Serializer.Deserialize<IReadOnlyList<RecallAnswer>>(Serializer.SerializeToArray(sent)));
        Assert.Equal(none, Serializer.Deserialize<IReadOnlyList<string>>(Serializer.SerializeToArray(none)));
    }

    [Fact]
    public void What_was_echoed_of_a_request_arrives_with_every_kind_of_value()
    {
        var echo = JsonDocument.Parse("""{"a":[1,{"b":null}],"c":"x"}""").RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value);
        var sent = new NewSession([new PlacedClone("github", "empty")], TimeSpan.FromHours(1), 5, "n", new Dictionary<string, string> { ["k"] = "v" }, echo);

        var arrived = Serializer.Deserialize<NewSession>(Serializer.SerializeToArray(sent));

        Assert.Equal(JsonSerializer.Serialize(sent), JsonSerializer.Serialize(arrived));
    }

    [Fact]
    public void A_refusal_crosses_and_its_cause_stays()
    {
        var sent = new ControlPlaneException(new Refusal(ErrorCode.QuotaExceeded, "full", TimeSpan.FromSeconds(3)), new IOException("an address"));

        var arrived = Serializer.Deserialize<Exception>(Serializer.SerializeToArray<Exception>(sent));

        Assert.Equal(sent.Refusal, Assert.IsType<ControlPlaneException>(arrived).Refusal);
        Assert.Null(arrived.InnerException);
    }

    /// <summary>A new call with a type that nobody thought of fails here, and not in production.</summary>
    [Fact]
    public void Everything_in_the_signatures_of_entities_can_cross()
    {
        var entities = new[]
        {
            typeof(ISession), typeof(ISessionIndex), typeof(ICredential), typeof(ICreation), typeof(IWorkspace), typeof(IUser), typeof(IGateway), typeof(IWorkerPool), typeof(IWorker),
            typeof(Invitations.IInvitation), typeof(Audit.IAuditLog), typeof(Usage.IUsage), typeof(AgentTraces.ITraceIndex), typeof(AgentTraces.ITrace),
            typeof(Events.ISessionEvents),
        };
        var types = entities.SelectMany(entity => entity.GetMethods())
            .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(Answer(method)))
            .Select(type => Nullable.GetUnderlyingType(type) ?? type)
            .Where(type => type != typeof(void) && type != typeof(CancellationToken)).Distinct().ToList();

        Assert.All(types, type => Assert.True(
            Serializer.CanSerialize(type.IsGenericType && type.IsInterface ? type.GenericTypeArguments[0] : type), $"{type} cannot cross."));
    }

    private static Type Answer(MethodInfo method) =>
        method.ReturnType.IsGenericType ? method.ReturnType.GenericTypeArguments[0] : typeof(void);

    private static Serializer MakeSerializer()
    {
        var services = new ServiceCollection();
        services.AddCoreMessages();
        return services.BuildServiceProvider().GetRequiredService<Serializer>();
    }
}
