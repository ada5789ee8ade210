using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Workers;

/// <summary>Entities over a storage in memory behind the listener that workers register on, as a silo has it.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    public static readonly Caller Owner = new("own", CredentialKind.Personal, "ws", "u", Role.Owner, ScopeRules.All);

    private readonly CancellationTokenSource _stopping = new();
    private readonly WorkerClients _clients = new();
    private readonly MemoryStorage _storage = new();
    private readonly HttpClient _http = new();
    private readonly WebApplication _app;
    private LocalEntities _entities;

    private TestSilo(string? url, params (string Name, string? Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.WebHost.UseUrls(url ?? "http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => new KeyValuePair<string, string?>("Workers:" + setting.Name, setting.Value)));
        builder.Services.AddSingleton<NameResolver>((name, stopped) => Resolver(name, stopped));
        builder.Services.AddWorkerRegistration();
        builder.Services.AddSingleton<IEntities>(new Latest(this));
        _app = builder.Build();
        _app.MapWorkerRegistration();
        _entities = NewEntities();
    }

    /// <summary>Made for each run: nothing in these files is a secret.</summary>
    public static string JoinToken { get; } = RandomNumberGenerator.GetHexString(32);

    public LogLines Log { get; } = new();

    /// <summary>The platform's, until a test has another.</summary>
    public NameResolver Resolver { get; set; } = Dns.GetHostAddressesAsync;

    public LocalEntities Entities => _entities;

    public Uri Address => new(_app.Urls.First());


    public static Task<TestSilo> StartAsync() => StartAsync(("JoinToken", JoinToken), ("BeatSeconds", "1"));

    public static async Task<TestSilo> StartAsync(params (string Name, string? Value)[] settings)
    {
        var silo = new TestSilo(null, settings);
        await silo._app.StartAsync();
        await silo.Entities.Workspace("ws").CreateAsync(new NewWorkspace("ws", "u", TimeProvider.System.GetUtcNow()));
        return silo;
    }

    /// <summary>Another process takes over, over the same storage: the pool knows nobody.</summary>
    public void Forget() => _entities = NewEntities();

    public async Task<HttpResponseMessage> PostAsync<T>(string path, string bearer, T body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, path)) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = bearer.Length > 0 ? new AuthenticationHeaderValue("Bearer", bearer) : null;
        return await _http.SendAsync(request);
    }

    public async Task<string> SessionAsync()
    {
        var id = SessionId.New();
        var made = new NewSession([new PlacedClone("github", "empty")], null, null, null, null, null);
        Assert.Equal(SessionStatus.Running, (await Entities.Session(id).CreateAsync(Owner, made)).Status);
        return id;
    }

    /// <summary>What a gateway is told that asks for the session's clone.</summary>
    public Task<SessionAnswer> AskAsync(string session, string reader = "g1") =>
        Entities.Session(session).AuthorizeAsync(Owner, "github", reader, fresh: false);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _http.Dispose();
        _clients.Dispose();
        _stopping.Dispose();
    }

    private LocalEntities NewEntities()
    {
        LocalEntities? made = null;
        made = new LocalEntities(
            _storage, new LocalDoors(), TimeProvider.System, new EntityOptions(new LeaseOptions(), new(), new WorkspaceOptions()),
            id => _clients.Find(id, made!.Workers)); // There before anybody can ask it.
        _ = made.RunAsync(_stopping.Token);
        return made;
    }

    /// <summary>The entities of whichever process has them.</summary>
    private sealed class Latest(TestSilo silo) : IEntities
    {
        public IWorkerPool Workers => silo.Entities.Workers;

        public ISession Session(string id) => silo.Entities.Session(id);

        public ICredential Credential(string id) => silo.Entities.Credential(id);

        public Creations.ICreation Creation(string key) => silo.Entities.Creation(key);

        public IWorkspace Workspace(string id) => silo.Entities.Workspace(id);

        public ISessionIndex Sessions(string workspaceId) => silo.Entities.Sessions(workspaceId);

        public Users.IUser User(string id) => silo.Entities.User(id);

        public Invitations.IInvitation Invitation(string id) => silo.Entities.Invitation(id);

        public Audit.IAuditLog Audit(string workspaceId) => silo.Entities.Audit(workspaceId);

        public Usage.IUsage Usage(string workspaceId) => silo.Entities.Usage(workspaceId);

        public Events.ISessionEvents Events(string workspaceId) => silo.Entities.Events(workspaceId);

        public AgentTraces.ITraceIndex Traces(string workspaceId) => silo.Entities.Traces(workspaceId);

        public AgentTraces.ITrace Trace(string key) => silo.Entities.Trace(key);

        public Logins.ILogin Login(string key) => silo.Entities.Login(key);

        public IGateway Gateway(string incarnation) => silo.Entities.Gateway(incarnation);

        public Operations.IRoster Roster(string name) => silo.Entities.Roster(name);

        public IWorker Worker(string id) => silo.Entities.Worker(id);
    }
}
