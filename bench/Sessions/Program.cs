using System.Globalization;
using System.Text.Json;
using ControlPlane;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Records;
using ControlPlane.Sessions;
using ControlPlane.Storage;
using ControlPlane.Workspaces;
using SessionOptions = ControlPlane.Sessions.SessionOptions;

// <folder> <count>…: the entities of the one-process host over SQLite, and a gateway on them, with so many sessions. Their records are written as
// a start leaves them; from then on it is the product's own code that runs: entities, store, gateway, index.
foreach (var count in args[1..].Select(word => int.Parse(word, CultureInfo.InvariantCulture)))
{
    var file = Path.Combine(args[0], $"sessions-{count}.db");
    using var storage = SqliteStorage.Open(file);
    var doors = new LocalDoors();
    var options = new EntityOptions(new LeaseOptions(), new SessionOptions(), new WorkspaceOptions());
    var entities = new LocalEntities(storage, doors, TimeProvider.System, options, id => throw new NotSupportedException(id));
    using var stopping = new CancellationTokenSource();
    var running = Task.WhenAll(entities.RunAsync(stopping.Token), BeatAsync(entities, stopping.Token));

    // So many, and a thousand more to ask for anew.
    var now = TimeProvider.System.GetUtcNow();
    await Measured.EachAsync(count + 1000, 512, number => storage.Store<SessionState>(new EntityKey(EntityKinds.Session, Made.Id(number)))
        .TryWriteAsync(new Stored<SessionState>(1, Made.Running(number, now)), default));
    var (key, token) = (Token.NewId(), "");
    token = Token.Create(CredentialKind.WorkspaceKey, key);
    await entities.Credential(key).CreateAsync(new NewCredential(
        CredentialKind.WorkspaceKey, Made.Workspace, null, "bench", ScopeRules.All, TokenDigest.Of(token), now, "bench", null));
    await using var gateway = new Gateway(entities, doors, options.Leases, TimeProvider.System);
    gateway.Start();
    await gateway.ReadyAsync(default);
    var admission = new Admission(gateway, new RefusedTokens(TimeProvider.System, 20));

    var again = 0;
    var before = Measured.Heap();
    await Measured.EachAsync(count, 256, AdmitAsync);
    var each = (Measured.Heap() - before) / (double)count;
    Say("active: managed memory of a session and of its fact", string.Create(CultureInfo.InvariantCulture, $"{each:F0} B"));
    var held = await Measured.EachAsync(100_000, 1, number => AdmitAsync(count - 1 - (number % Math.Min(count, 1000))));
    Say("authorize, held", Measured.Text(held));
    var asked = await Measured.EachAsync(1000, 1, number => AdmitAsync(count + number));
    Say("authorize, not held: one durable save", Measured.Text(asked));
    await ListAsync(entities, storage, count, now);
    Say("asked again after a 503", again.ToString(CultureInfo.InvariantCulture));
    await stopping.CancelAsync();
    await running.ContinueWith(_ => { }, TaskScheduler.Default);

    void Say(string what, string figure) => Console.WriteLine($"| {count} | {what} | {figure} |");

    async Task AdmitAsync(int number)
    {
        while (true)
        {
            var request = new Request();
            var verdict = await admission.AdmitAsync(request, new CloneAsk(token, Made.Id(number), "github"), default);
            admission.Leave(request);
            if (verdict.Route is not null)
            {
                return;
            }

            // With gigabytes of memory a collection can take longer than a decision may: a caller asks again.
            again = verdict.Refusal?.Code == ErrorCode.ControlPlaneUnavailable
                ? again + 1
                : throw new InvalidOperationException($"Refused: {verdict.Refusal}");
        }
    }
}

// A page is what the API makes of it: fifty ids of the index, and each session's own description.
static async Task ListAsync(LocalEntities entities, SqliteStorage storage, int count, DateTimeOffset now)
{
    for (var at = 0; at < count; at += 1000)
    {
        var texts = Enumerable.Range(at, Math.Min(1000, count - at)).Select(number => JsonSerializer.Serialize(
            SessionListing.Of(Made.Id(number), Made.Running(number, now.AddMilliseconds(number)), 1), CoreJson.Default.SessionListing));
        await storage.Log.TryAppendAsync($"sessions/{Made.Workspace}", at + 1, [.. texts], default);
    }

    var index = entities.Sessions(Made.Workspace);
    await index.PageAsync(new SessionQuery([], null, null, 50, null));
    var random = new Random(4711);
    var pages = await Measured.EachAsync(1000, 1, async _ =>
    {
        var after = now.AddMilliseconds(random.Next(count)).UtcTicks.ToString(CultureInfo.InvariantCulture) + "_";
        var page = await index.PageAsync(new SessionQuery([SessionStatus.Running], null, null, 50, after));
        await Task.WhenAll(page.SessionIds.Select(id => entities.Session(id).DescribeAsync(Made.Caller)));
    });
    Console.WriteLine($"| {count} | a page of 50 of the list | {Measured.Text(pages)} |");
}

static async Task BeatAsync(LocalEntities entities, CancellationToken stopping)
{
    while (true)
    {
        await entities.Workers.RegisterAsync(Made.Worker, stopping);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, stopping);
    }
}

internal sealed class Request : InFlight
{
    protected override void OnCut(Refusal because)
    {
    }
}
