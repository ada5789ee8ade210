using System.Collections.Concurrent;
using ControlPlane.Credentials;
using ControlPlane.Gateways;
using ControlPlane.Leases;
using ControlPlane.Operations;
using ControlPlane.Records;
using ControlPlane.Workers;
using ControlPlane.Users;
using ControlPlane.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SessionOptions = ControlPlane.Sessions.SessionOptions;

namespace ControlPlane.Hosting;

/// <summary>
/// The management API as a host runs it: Kestrel on a free port, entities over a storage in memory, a gateway with its lease, a worker behind
/// a real socket. Workspace <c>ws-main</c> has an owner, an admin and a member; <c>ws-other</c> is somebody else's.
/// </summary>
public abstract class ManagementHost : IAsyncLifetime, IAsyncDisposable
{
    public const string Main = "ws-main";
    public const string Other = "ws-other";

    private readonly CancellationTokenSource _stopping = new();
    private readonly bool _reuse;
    private WebApplication? _app;
    private WorkerStub? _worker;
    private LocalEntities? _entities;
    private Gateway? _gateway;
    private Admission? _admission;
    private Task _running = Task.CompletedTask;
    private readonly ConcurrentBag<string> _tokens = [];
    private int _descriptions;

    private protected ManagementHost(bool reuse) => _reuse = reuse;

    /// <summary>How many refused tokens a minute are borne; tests refuse many.</summary>
    protected virtual int RefusedPerMinute => 1_000_000;

    private protected virtual WorkspaceOptions Workspaces => new() { SessionsPerMinute = 100_000 };

    private protected virtual UserOptions Users => new();

    /// <summary>What is set other than by default.</summary>
    private protected virtual IEnumerable<KeyValuePair<string, string?>> Settings => [];

    internal MemoryStorage Storage { get; } = new();

    internal LogLines Log { get; } = new();

    internal LeftRequests Left { get; } = new();

    /// <summary>How often the description of the API was made.</summary>
    internal int Descriptions => Volatile.Read(ref _descriptions);

    internal WorkerStub Worker => _worker!;

    internal WorkerClients Workers { get; } = new();

    internal LocalEntities Entities => _entities!;

    public Gateway Gateway => _gateway!;

    internal Admission Admission => _admission!;

    /// <summary>Every method and path that is mapped.</summary>
    internal IEnumerable<(string Method, string Path)> Routes => _app!.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>().SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
            .Select(method => (method, "/" + endpoint.RoutePattern.RawText!.Trim('/'))));

    public Uri Address => new(_app!.Urls.First());

    /// <summary>The owner's personal token.</summary>
    public string Owner { get; private set; } = "";

    public string Admin { get; private set; } = "";

    public string Member { get; private set; } = "";

    /// <summary>A key of <see cref="Main"/> with all scopes.</summary>
    public string Key { get; private set; } = "";

    /// <summary>A key of <see cref="Other"/> with all scopes.</summary>
    public string OtherKey { get; private set; } = "";

    /// <summary>A user's token of <see cref="Other"/>.</summary>
    public string OtherOwner { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _worker = await WorkerStub.StartAsync();
        var doors = new LocalDoors();
        var leases = new LeaseOptions { Reuse = _reuse };
        _entities = new LocalEntities(Storage, doors, TimeProvider.System, new EntityOptions(leases, new SessionOptions(), Workspaces, Users: Users), id => Workers.Find(id, Entities.Workers));
        _gateway = new Gateway(_entities, doors, leases, TimeProvider.System);
        _app = Build(_entities, _gateway);
        _gateway.Start();
        await _app.StartAsync();
        await _gateway.ReadyAsync(default);
        await Heartbeat().BeatAsync();
        _running = Task.WhenAll(_entities.RunAsync(_stopping.Token), Heartbeat().RunAsync(TimeSpan.FromSeconds(1), _stopping.Token));
        await PeopleAsync();
    }

    /// <summary>The process is told to stop, and answers when it has.</summary>
    internal Task StopAsync() => _app!.StopAsync();

    /// <summary>Whatever the tests did: no token of theirs is in what was stored or logged.</summary>
    public async Task DisposeAsync()
    {
        await _app!.DisposeAsync();
        await Gateway.DisposeAsync();
        await _stopping.CancelAsync();
        await _running.ContinueWith(static _ => { }, TaskScheduler.Default);
        await Worker.DisposeAsync();
        Workers.Dispose();
        _stopping.Dispose();

        var kept = Storage.Everything() + string.Join('\n', Log.Lines);
        Assert.DoesNotContain(_tokens, token => kept.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(WorkerStub.Secret, kept, StringComparison.Ordinal);
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    internal WorkerHeartbeat Heartbeat() =>
        new(Workers, Worker.Address, Entities.Workers, TimeProvider.System, NullLogger<WorkerHeartbeat>.Instance);

    /// <summary>Makes a credential as its owner would hold it, and gives its token.</summary>
    internal async Task<string> CredentialAsync(
        CredentialKind kind, string workspace, string? user, Scopes scopes = ScopeRules.All, DateTimeOffset? expires = null)
    {
        var id = Token.NewId();
        var token = Token.Create(kind, id);
        await Entities.Credential(id).CreateAsync(new NewCredential(
            kind, workspace, user, "made for a test", scopes, TokenDigest.Of(token), TimeProvider.System.GetUtcNow(), "test", expires));
        return Remember(token);
    }

    /// <summary>Makes a key as an administrator does: its id and its token.</summary>
    internal async Task<(string Id, string Token)> KeyAsync(string label = "made for a test")
    {
        var made = (await As(Owner).PostAsync($"/api/workspaces/{Main}/api-keys", $$"""{"label":"{{label}}"}""")).Must(201);
        return (made.String("id"), Remember(made.String("secret")));
    }

    internal async Task<string> SessionAsync(string json = """{"clones":["github"]}""", string? token = null) =>
        (await As(token ?? Key).PostAsync("/api/sessions", json)).Must(200).String("sessionId");

    /// <summary>Calls with a token; null: with none.</summary>
    internal TestCaller As(string? token) => new(Address, token);

    private WebApplication Build(LocalEntities entities, Gateway gateway)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(Log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<Entities.IEntities>(entities);
        builder.Services.AddSingleton(gateway);
        builder.Services.AddSingleton<ISilos>(new OneSilo());
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Configuration["Admin:Workspace"] = Main;
        builder.Services.AddSingleton(_admission = new Admission(gateway, new RefusedTokens(TimeProvider.System, RefusedPerMinute)));
        builder.Services.AddManagementApi();
        builder.Services.Configure<OpenApiOptions>("v1", options => options.AddDocumentTransformer((_, _, _) =>
        {
            Interlocked.Increment(ref _descriptions);
            return Task.CompletedTask;
        }));
        var app = builder.Build();
        app.Use(Left.WatchAsync);
        app.MapManagementApi();
        app.MapGet("/throws", string () => throw new InvalidOperationException("the inner workings"));
        return app;
    }

    /// <summary>A secret that a test was given: nothing that is kept or logged may hold it.</summary>
    internal string Known(string secret) => Remember(secret);

    internal string Remember(string token)
    {
        _tokens.Add(token);
        return token;
    }

    private async Task PeopleAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        await Entities.Workspace(Other).CreateAsync(new NewWorkspace("Other", "zoe", now));
        await Entities.User("ann").JoinAsync("ann@example.com", Main);

        // Members cannot be invited yet, so the record is as it will be once they can.
        var made = WorkspaceState.From(new NewWorkspace("Main", "ann", now));
        await Storage.Store<WorkspaceState>(new EntityKey("workspace", Main)).TryWriteAsync(
            new Stored<WorkspaceState>(1, made with { Members = made.Members.Add("bob", Role.Admin).Add("cid", Role.Member) }), default);
        Owner = await CredentialAsync(CredentialKind.Personal, Main, "ann");
        Admin = await CredentialAsync(CredentialKind.Login, Main, "bob");
        Member = await CredentialAsync(CredentialKind.Personal, Main, "cid");
        OtherOwner = await CredentialAsync(CredentialKind.Personal, Other, "zoe");
        Key = await CredentialAsync(CredentialKind.WorkspaceKey, Main, null);
        OtherKey = await CredentialAsync(CredentialKind.WorkspaceKey, Other, null);
    }
}

/// <summary>What a host says of its processes.</summary>
internal sealed class OneSilo : ISilos
{
    public static SiloView View { get; } = new("silo.test:11111", "active", new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public Task<IReadOnlyList<SiloView>> ListAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<SiloView>>([View]);
}

/// <summary>A gateway that decides on the facts it holds.</summary>
public class HoldingHost() : ManagementHost(reuse: true);

/// <summary>A gateway that asks the owners for each request.</summary>
public class AskingHost() : ManagementHost(reuse: false);
