using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.AgentTraces;
using ControlPlane.Audit;
using ControlPlane.Creations;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Events;
using ControlPlane.Invitations;
using ControlPlane.Leases;
using ControlPlane.Logins;
using ControlPlane.Sessions;
using ControlPlane.Usage;
using ControlPlane.Users;
using ControlPlane.Workers;
using ControlPlane.Workspaces;

namespace ControlPlane;

/// <summary>What is stored: its JSON is a contract, and no record grows past what a save may cost.</summary>
public sealed class StoredRecordTests
{
    private const int Most = 256 * 1024;
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Readers Some = Readers.None.Granted("g1").Granted("g2").TakenAway(3).Granted("g3");
    private static readonly NewSession Made = new(
        [new("github", "empty"), new("slack", "busy-workspace")], TimeSpan.FromHours(1), 100, "mine",
        new Dictionary<string, string> { ["team"] = "red" }, new Dictionary<string, JsonElement> { ["old"] = JsonDocument.Parse("[1,null]").RootElement });

    private static readonly AuditEvent Act = new(
        "1", "ws", Noon, "user:u", AuditAction.MemberInvite, "u2", "admin", "192.0.2.1", ErrorCode.RoleMissing, 3);

    private static readonly NewInvitation Invitation = new("ws", "someone@example.test", Role.Admin, "u", Noon, Noon.AddDays(1));

    private static readonly KeyToMake Key = new(
        "k2", new NewCredential(CredentialKind.WorkspaceKey, "ws", null, "l", ScopeRules.All, TokenDigest.Of("y"), Noon, "user:u", null));

    public static TheoryData<string> Kinds => new(Samples.Keys);

    private static Dictionary<string, object> Samples => new()
    {
        ["credential"] = new CredentialState(
            CredentialKind.Personal, "ws", "u", "label", Scopes.SessionsRead | Scopes.WorkspacesRead, TokenDigest.Of("x").ToString(),
            Noon, "user:u", Noon.AddDays(1), Some, Noon.AddHours(1), Noon.AddHours(2), 3,
            new FormerSecret(TokenDigest.Of("w").ToString(), Noon.AddHours(3)), [TokenDigest.Of("v").ToString(), TokenDigest.Of("w").ToString()], 2, "ses-1", [Act]),
        ["creation"] = new CreationState(TokenDigest.Of("z").ToString(), "ses-1", Noon.AddDays(1), [1, 2, 255]),
        ["gateway"] = new GatewayState(
            false, 7, [new Recall(RecallKind.Share, Subject.Session("s"), 4, new Refusal(ErrorCode.SessionEnded, "Over.", TimeSpan.FromSeconds(1)), 9)], Noon, true),
        ["session"] = new SessionState(
            "ws", "user:u", Made, SessionStatus.Failed, Noon, TimeSpan.FromMinutes(30), Noon, Noon, Noon.AddHours(1), new Placement("w1", 2, "k"),
            new Budget(100, 3, 4, [new OpenShare(4, "g1", 1)]), Some, [new SessionEffect(SessionStep.Stop, 5)], Noon, 5, "Broken.",
            new Refusal(ErrorCode.NoCapacity, "Full."), new Uri("http://worker.test:7000"), new SessionEnding(SessionEndCause.Stopped, "user:u", "192.0.2.1")),
        ["listing"] = new SessionListing("s", 4, SessionStatus.Running, Noon, ["github"], new Dictionary<string, string> { ["a"] = "b" }, true),
        ["user"] = new UserState("someone@example.test", ["ws"], ["t1"], 1, [Key], [new WorkspaceToMake("ws-2", new NewWorkspace("n", "u", Noon))], [Act], ["l1"]),
        ["invitation"] = new InvitationState(
            Invitation, new InvitationClaim(new Acceptance("u2", new FirstToken("t2", TokenDigest.Of("z")), "192.0.2.1"), Noon, true), true),
        ["act"] = Act,
        ["event"] = new SessionEvent(
            "ses-1", SessionEventKind.Failed, Noon, "user:u", "github", "empty", SessionEndCause.WorkerLost, "Lost.", Noon.AddHours(1)),
        ["usage"] = new UsageEntry(
            Noon, new Dictionary<string, long> { ["g1"] = 4 }, [new UsageRow(new DateOnly(2026, 1, 1), "key:k1", 1, 60, 5, 100, 200)], true),
        ["login"] = new LoginState(
            TokenDigest.Of("d").ToString(), "a laptop", "192.0.2.7", Noon, 2, new LoginApproval("u", "ws", ScopeRules.All, "user:u", Noon, "192.0.2.1"), "u", Noon,
            new string('0', 64), new LoginToken("0123456789ab", TokenDigest.Of("y")), [Act]),
        ["trace"] = new TraceState([new TracePart("t1", Noon, JsonDocument.Parse("""{"a":[1,null]}""").RootElement)]),
        ["trace-listing"] = new TraceListing("r1", Noon, Noon.AddHours(1), "user:u", "ses-1", "scenario", 1, 14, true),
        ["workspace"] = new WorkspaceState(
            "Name", Noon, ImmutableDictionary<string, Role>.Empty.Add("u", Role.Owner), ["k1"], ["s1"], Noon, 3, Some.PartTakenAway("u2", 5),
            [Key], true, [new TakenMembership("u2", 5)], [new OpenInvitation("00", Role.Admin, "u", Noon, true)], [new InvitationToMake("00", Invitation)], [Act], ["s0"]),
        ["workers"] = new WorkerPoolState(WorkerPoolState.None.Drained.Add("w1")),
    };

    /// <summary>The least that a record of each kind was ever stored as: what came later has a default.</summary>
    private static Dictionary<string, (string Json, Type Type)> Oldest => new()
    {
        ["credential"] = ("""{"kind":"WorkspaceKey","workspaceId":"ws","label":"l","scopes":"SessionsRead, SessionsWrite","digest":"00","createdAt":"2026-01-01T12:00:00+00:00","createdBy":"user:u","readers":{"current":[],"toTell":[]}}""", typeof(CredentialState)),
        ["creation"] = ("""{"fingerprint":"00","sessionId":"ses-1","endsAt":"2026-01-02T12:00:00+00:00"}""", typeof(CreationState)),
        ["gateway"] = ("""{"over":false,"renewals":1,"recalls":[]}""", typeof(GatewayState)),
        ["session"] = ("""{"workspaceId":"ws","createdBy":"user:u","made":{"clones":[{"cloneName":"github","seed":"empty"}]},"status":"Running","createdAt":"2026-01-01T12:00:00+00:00","idleLimit":"00:30:00","lastUsedAt":"2026-01-01T12:00:00+00:00","idleFloor":"2026-01-01T12:00:00+00:00","endAt":"2026-01-02T12:00:00+00:00","readers":{"current":[],"toTell":[]},"toDo":[]}""", typeof(SessionState)),
        ["listing"] = ("""{"sessionId":"s","version":1,"status":"Running","createdAt":"2026-01-01T12:00:00+00:00","clones":["github"]}""", typeof(SessionListing)),
        ["login"] = ("""{"device":"00","createdAt":"2026-01-01T12:00:00+00:00"}""", typeof(LoginState)),
        ["user"] = ("""{"workspaces":["ws"]}""", typeof(UserState)),
        ["invitation"] = ("""{"made":{"workspaceId":"ws","email":"a@example.test","role":"Member","invitedBy":"u","createdAt":"2026-01-01T12:00:00+00:00","expiresAt":"2026-01-02T12:00:00+00:00"}}""", typeof(InvitationState)),
        ["act"] = ("""{"id":"1","workspaceId":"ws","at":"2026-01-01T12:00:00+00:00","actor":"user:u","action":"ApiKeyRevoke"}""", typeof(AuditEvent)),
        ["event"] = ("""{"sessionId":"ses-1","kind":"Created","at":"2026-01-01T12:00:00+00:00"}""", typeof(SessionEvent)),
        ["usage"] = ("""{"at":"2026-01-01T12:00:00+00:00","sources":{"g1":4},"rows":[]}""", typeof(UsageEntry)),
        ["trace"] = ("""{"parts":[{"traceId":"t1","at":"2026-01-01T12:00:00+00:00","payload":{}}]}""", typeof(TraceState)),
        ["trace-listing"] = ("""{"rootTraceId":"r1","createdAt":"2026-01-01T12:00:00+00:00","updatedAt":"2026-01-01T12:00:00+00:00","createdBy":"user:u","parts":0,"bytes":0}""", typeof(TraceListing)),
        ["workspace"] = ("""{"name":"n","createdAt":"2026-01-01T12:00:00+00:00","members":{"u":"Owner"},"keys":[],"live":[],"windowStart":"2026-01-01T12:00:00+00:00","startedInWindow":0,"readers":{"current":[],"toTell":[]},"toMake":[]}""", typeof(WorkspaceState)),
        ["workers"] = ("""{"drained":["w1"]}""", typeof(WorkerPoolState)),
    };

    [Theory, MemberData(nameof(Kinds))]
    public void What_is_stored_reads_back_whole(string kind)
    {
        var sample = Samples[kind];
        var json = Write(sample);

        Assert.Equal(json, Write(JsonSerializer.Deserialize(json, Shape(sample.GetType()))!));
        Assert.All(sample.GetType().GetProperties().Where(property => property.CanWrite), property =>
            Assert.True(JsonNode.Parse(json)!.AsObject().ContainsKey(JsonNamingPolicy.CamelCase.ConvertName(property.Name)), property.Name));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void What_was_stored_before_a_field_was_there_still_reads(string kind)
    {
        var (json, type) = Oldest[kind];
        var read = JsonSerializer.Deserialize(json, Shape(type))!;

        // Written again it says the same and defaults: no list is null, nothing is lost.
        var written = JsonNode.Parse(Write(read))!.AsObject();
        Assert.All(JsonNode.Parse(json)!.AsObject(), field =>
            Assert.True(JsonNode.DeepEquals(field.Value, written[field.Key]), $"{field.Key}: {written[field.Key]}"));
    }

    [Fact]
    public void Enums_are_words() => Assert.All(
        Samples.Values.Select(Write), json => Assert.DoesNotMatch("\"(kind|status|step|scopes|code|cause|role|action|refused)\":[0-9]", json));

    [Fact]
    public void The_largest_records_stay_under_a_quarter_of_a_mebibyte()
    {
        var ids = Enumerable.Range(0, 4000).Select(i => $"ses-{i:00000000000000000000000000}").ToList();
        var readers = Enumerable.Range(0, Readers.Most).Aggregate(Readers.None, (sum, i) => sum.Granted($"{i:00000000000000000000000000000000}"));
        var told = readers.TakenAway(long.MaxValue - 1);
        var workspace = new WorkspaceState(
            new string('n', 200), Noon, Enumerable.Range(0, 500).ToImmutableDictionary(i => $"user-{i:0000000000}", _ => Role.Member),
            [.. Enumerable.Range(0, 500).Select(i => $"{i:000000000000}")], [.. ids], Noon, 600, readers.PartTakenAway("user-0000000000", long.MaxValue - 1), [], true,
            [.. Enumerable.Range(0, WorkspaceState.MostTaken).Select(i => new TakenMembership($"user-{i:0000000000}", long.MaxValue - 1))],
            [.. Enumerable.Range(0, 100).Select(i => new OpenInvitation(TokenDigest.Of($"{i}").ToString(), Role.Member, $"user-{i:0000000000}", Noon, true))],
            null, null, [.. ids.Take(WorkspaceState.MostReleased)]);
        var busy = workspace with { Live = [.. ids.Take(WorkspaceState.Crowded)] };
        var credential = (CredentialState)Samples["credential"] with { Readers = readers with { ToTell = told.ToTell } };
        var session = (SessionState)Samples["session"] with
        {
            Readers = readers with { ToTell = told.ToTell },
            Budget = new Budget(int.MaxValue, 0, 999, [.. readers.Current.Select((reader, i) => new OpenShare(i, reader, 1000))]),
        };

        // What is kept of a request is 128 KiB at most; the rest of an answer is a few URLs.
        var creation = (CreationState)Samples["creation"] with { Answer = new byte[160 * 1024] };

        // Payloads are counted as they are stored; around each are its id and a moment.
        var share = TraceEntity.MostBytes / TraceEntity.MostParts;
        var trace = new TraceState([.. Enumerable.Repeat(
            new TracePart(new string('t', TraceId.Longest), Noon.AddTicks(1), JsonSerializer.SerializeToElement(new string('x', share - 2))), TraceEntity.MostParts)]);

        // Also the entries that a log keeps together, as JSON in JSON.
        var listing = new TraceListing(
            new string('r', TraceId.Longest), Noon.AddTicks(1), Noon.AddTicks(1), "user:usr-01234567890123456789012345", new string('s', 64),
            new string('ü', 64), TraceEntity.MostParts, TraceEntity.MostBytes, true);
        Assert.InRange(256 * JsonSerializer.Serialize(Write(listing)).Length, 1000, Most);
        Assert.All((object[])[WithActs(workspace), WithActs(busy), WithActs(credential), session, creation, trace], state => Assert.InRange(Write(state).Length, 1000, Most));
    }

    /// <summary>As many as may wait in it.</summary>
    private static T WithActs<T>(T state) where T : IAudited<T> =>
        state.Auditing([.. Enumerable.Repeat(Act with { Detail = new string('d', 300) }, state.MostToAudit)]);

    private static string Write(object state) => JsonSerializer.Serialize(state, Shape(state.GetType()));

    private static JsonTypeInfo Shape(Type type) => CoreJson.Default.GetTypeInfo(type) ?? throw new InvalidOperationException($"{type} is not known.");
}
