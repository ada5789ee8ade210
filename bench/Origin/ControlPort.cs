using System.Collections.Concurrent;
using System.Net.Http.Headers;
using ControlPlane.Sessions;
using ControlPlane.Workers;

namespace ControlPlane;

/// <summary>
/// The worker's other half: it says yes to every placement, and registers where it is told to. It knows no secret, for it is bound to the
/// loopback and holds nothing.
/// </summary>
internal sealed class ControlPort(Uri data, Uri address)
{
    private const int Capacity = 10_000_000;

    private static readonly CatalogueClone[] Catalogue = [new("origin", "Origin", "Answers at once.", [new("empty", "Nothing.")])];

    private readonly ConcurrentDictionary<string, long> _placements = new();

    public Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.GetLeftPart(UriPartial.Authority));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Default));
        var app = builder.Build();
        app.MapGet("/status", () => TypedResults.Ok(new WorkerStatus("wrk-origin", Capacity, Held, Catalogue)));
        app.MapPut("/placements/{session}", (string session, PlacementStart start) =>
        {
            _placements[session] = start.Epoch;
            return TypedResults.Ok(new PlacementStarted(start.Epoch, start.Clones));
        });
        app.MapDelete("/placements/{session}", (string session) =>
        {
            _placements.TryRemove(session, out _);
            return TypedResults.NoContent();
        });
        return app.RunAsync();
    }

    private IReadOnlyList<PlacementInfo> Held => [.. _placements.Select(placed => new PlacementInfo(placed.Key, placed.Value))];

    private WorkerPresence Presence => new(data, address, Capacity, false, Held, Catalogue);

    public async Task JoinAsync(Uri silo, string token)
    {
        using var http = new HttpClient { BaseAddress = silo };
        WorkerRegistered? identity = null;
        while (true)
        {
            try
            {
                identity ??= await RegisterAsync(http, token, new WorkerRegistration());
                var presence = JsonContent.Create(Presence, ContractsJson.Default.WorkerPresence);
                using var beat = Post($"/workers/{identity.WorkerId}/beat", identity.Secret, presence);
                using var answer = await http.SendAsync(beat);
                if (!answer.IsSuccessStatusCode)
                {
                    await RegisterAsync(http, token, new WorkerRegistration(identity.WorkerId, identity.Secret, Presence));
                }
            }
            catch (HttpRequestException problem)
            {
                Console.Error.WriteLine(problem.Message);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }

    private static async Task<WorkerRegistered> RegisterAsync(HttpClient http, string token, WorkerRegistration registration)
    {
        using var request = Post("/workers/register", token, JsonContent.Create(registration, ContractsJson.Default.WorkerRegistration));
        using var answer = await http.SendAsync(request);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(ContractsJson.Default.WorkerRegistered)
            ?? throw new HttpRequestException("The silo's answer is empty.");
    }

    private static HttpRequestMessage Post(string path, string bearer, HttpContent content) => new(HttpMethod.Post, path)
    {
        Content = content, Headers = { Authorization = new AuthenticationHeaderValue("Bearer", bearer) },
    };
}
