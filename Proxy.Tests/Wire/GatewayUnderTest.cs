using System.Net;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Gateways;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workers;
using ControlPlane.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Wire;

/// <summary>
/// A gateway on a real server over real entities in memory, its worker, one running session with the clones github and slack, and a key.
/// </summary>
internal sealed class GatewayUnderTest : IAsyncDisposable
{
    public const string Session = "ses-1";
    private const string Workspace = "ws-1";
    private const string Owner = "user-1";

    private readonly WebApplication _app;
    private readonly LocalEntities _entities;
    private readonly Gateway _gateway;
    private readonly RawControlPort _control;
    private readonly string _keyId;

    private GatewayUnderTest(
        WebApplication app, LogLines log, MemoryStorage storage, LocalEntities entities, Gateway gateway, RawWorker worker, RawControlPort control,
        string keyId, string token)
    {
        (_app, Log, Storage, _entities, _gateway, Worker, _control, _keyId, Token) =
            (app, log, storage, entities, gateway, worker, control, keyId, token);
        var ports = app.Urls.Select(static url => new Uri(url).Port).ToArray();
        (Port, Http2Port) = (ports[0], ports[1]);
    }

    public RawWorker Worker { get; }

    /// <summary>The port that speaks HTTP/1.1.</summary>
    public int Port { get; }

    /// <summary>The port that speaks HTTP/2 without TLS.</summary>
    public int Http2Port { get; }

    /// <summary>A key of the session's workspace.</summary>
    public string Token { get; }

    /// <summary>What the owners keep their records in.</summary>
    public MemoryStorage Storage { get; }

    /// <summary>How many requests have entered and not left.</summary>
    public int UnderWay => _app.Services.GetRequiredService<Admission>().UnderWay(static _ => true).Count;

    /// <summary>The lines that were logged.</summary>
    public LogLines Log { get; }

    private static Caller Admin { get; } = new("admin", CredentialKind.Personal, Workspace, Owner, Role.Owner, ScopeRules.All);

    /// <summary>Starts one.</summary>
    /// <param name="reuse">Whether it decides on facts in hand, or asks their owners for each request.</param>
    /// <param name="clock">The clock of what is forwarded; leases keep the machine's.</param>
    /// <param name="settings">Of the section <c>Gateway</c>, or named in full those of <c>Limits</c>.</param>
    public static async Task<GatewayUnderTest> StartAsync(
        bool reuse = true, TimeProvider? clock = null, params (string Key, string Value)[] settings)
    {
        var time = TimeProvider.System;
        var worker = new RawWorker();
        var control = new RawControlPort();
        var doors = new LocalDoors();
        var leases = new LeaseOptions { Reuse = reuse };
        var options = new EntityOptions(leases, new Sessions.SessionOptions(), new WorkspaceOptions());
        var storage = new MemoryStorage();
        var entities = new LocalEntities(storage, doors, time, options, _ => control);
        var gateway = new Gateway(entities, doors, leases, time);
        gateway.Start();
        await gateway.ReadyAsync(CancellationToken.None);

        var (keyId, token) = await WorkspaceAsync(entities, worker, time);
        var log = new LogLines();
        var app = Build(settings, new Admission(gateway, new RefusedTokens(time, RefusedPerMinute(settings))), log, clock ?? time);
        await app.StartAsync();
        return new GatewayUnderTest(app, log, storage, entities, gateway, worker, control, keyId, token);
    }

    public string Ticket(string clone) => $"{Session}.{clone}.1.{_control.Order?.Key}";

    /// <summary>Revokes the key, and answers when that is true everywhere.</summary>
    public Task RevokeAsync() => _entities.Credential(_keyId).RevokeAsync(Admin);

    /// <summary>Its process is told to stop; what runs has the usual time to end.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>Stops the session, and answers when that is true everywhere.</summary>
    public Task StopSessionAsync() => _entities.Session(Session).StopAsync(Admin);

    /// <summary>Sends the head of a request to the github clone, in the path form, and leaves the connection open.</summary>
    public async Task<RawConnection> OpenAsync(string method, string target, string headers = "")
    {
        var wire = await RawConnection.ConnectAsync(Port);
        await wire.SendAsync(
            $"{method} /runtime/{Session}/github{target} HTTP/1.1\r\nHost: localhost\r\n"
            + $"x-route-authorization: Bearer {Token}\r\n{headers}\r\n");
        return wire;
    }

    /// <summary>Sends bytes on a connection of their own and reads one answer; null when the server closed without one.</summary>
    public async Task<Received?> SendRawAsync(string bytes)
    {
        await using var wire = await RawConnection.ConnectAsync(Port);
        await wire.SendAsync(bytes);
        return await wire.ReadHeadAsync() is { } head ? new Received(head, await wire.ReadBodyAsync(head)) : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _gateway.DisposeAsync();
        await Worker.DisposeAsync();
    }

    /// <summary>Tests refuse many, unless it is what they are about.</summary>
    private static int RefusedPerMinute((string Key, string Value)[] settings) =>
        settings.FirstOrDefault(static setting => setting.Key == "RefusedTokensPerMinute").Value is { } given
            ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : 1_000_000;

    private static WebApplication Build((string Key, string Value)[] settings, Admission admission, LogLines log, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create<string, string?>(
            setting.Key.StartsWith("Limits:", StringComparison.Ordinal) ? setting.Key : "Gateway:" + setting.Key, setting.Value)));
        builder.Services.AddListenerLimits(ListenerRole.Public);
        builder.WebHost.ConfigureKestrel(static server =>
        {
            server.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
            server.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(clock);
        builder.Services.AddCloneProxy();
        builder.Services.AddSingleton(admission);
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);
        var app = builder.Build();
        app.UseRequestBound();
        app.UseCloneProxy();
        app.Run(static context => context.Response.WriteAsync("our own"));
        return app;
    }

    private static async Task<(string KeyId, string Token)> WorkspaceAsync(LocalEntities entities, RawWorker worker, TimeProvider time)
    {
        var now = time.GetUtcNow();
        await entities.Workspace(Workspace).CreateAsync(new NewWorkspace("one", Owner, now));
        var keyId = Credentials.Token.NewId();
        var token = Credentials.Token.Create(CredentialKind.WorkspaceKey, keyId);
        await entities.Workspace(Workspace).CreateKeyAsync(Admin, keyId, new NewCredential(
            CredentialKind.WorkspaceKey, Workspace, null, "test", ScopeRules.All, TokenDigest.Of(token), now, Owner, null));
        OfferedSeed[] seeds = [new OfferedSeed("empty", "empty")];
        var offers = new[] { "github", "slack" }.Select(clone => new OfferedClone(clone, clone, clone, seeds));
        await entities.Workers.RegisterAsync(
            new WorkerBeat("worker-1", new WorkerAddress(new Uri("http://127.0.0.1:9"), worker.Address, "its own"), 10, [], [.. offers]));
        await entities.Session(Session).CreateAsync(Admin, new NewSession(
            [new PlacedClone("github", "empty"), new PlacedClone("slack", "empty")], null, null, null, null, null));
        return (keyId, token);
    }
}

/// <summary>The control port of the worker: takes every placement.</summary>
internal sealed class RawControlPort : IWorker
{
    /// <summary>The last placement that was ordered.</summary>
    public PlacementOrder? Order { get; private set; }

    public Task<Errors.Refusal?> StartAsync(PlacementOrder order, CancellationToken cancellationToken = default)
    {
        Order = order;
        return Task.FromResult<Errors.Refusal?>(null);
    }

    public Task StopAsync(string sessionId, long epoch, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<Errors.Refusal?> SetCloneAsync(CloneReplacement replacement, CancellationToken cancellationToken = default) => Task.FromResult<Errors.Refusal?>(null);

    public Task<Errors.Refusal?> SetFaultsAsync(CloneFaultOrder order, CancellationToken cancellationToken = default) => Task.FromResult<Errors.Refusal?>(null);

    public Task<CloneStateAnswer> FaultsAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default) =>
        Task.FromResult(new CloneStateAnswer("{}"u8.ToArray()));

    public Task<CloneStateAnswer> CloneStateAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default) =>
        Task.FromResult(new CloneStateAnswer("{}"u8.ToArray()));
}
