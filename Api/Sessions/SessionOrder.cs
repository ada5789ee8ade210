using System.Text.Json;
using ControlPlane.Errors;
using ControlPlane.Requests;
using ControlPlane.Scenarios;
using ControlPlane.Workers;

namespace ControlPlane.Sessions;

/// <summary>Checks what a session is to be made from, field by field, against what can be started here.</summary>
internal static class SessionOrder
{
    public const int LongestTtlSeconds = 86_400;

    private const int LongestName = 100;
    private const int MostRequests = 100_000;
    private const int MostRuns = 1_000;
    private const int LongestWord = 200;

    /// <summary>What is kept of a request goes into the session's record, which is bounded; this leaves room for the rest of it.</summary>
    private const int MostKeptBytes = 128 * 1024;

    private static readonly Refusal NoWorker =
        new(ErrorCode.NoCapacity, "No worker is present, so nothing can be started now. Try again.", TimeSpan.FromSeconds(2));

    /// <summary>What the session is made from.</summary>
    /// <exception cref="ControlPlaneException">400, naming the field; 503 when there is nothing to check against.</exception>
    public static NewSession Check(CreateSessionRequest request, IReadOnlyList<OfferedClone> catalogue)
    {
        var made = new NewSession(
            Clones(request, catalogue),
            Texts.InRange("ttlSeconds", request.TtlSeconds, 1, LongestTtlSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Texts.InRange("rateLimit", request.RateLimit, 1, MostRequests),
            request.Name is { } name ? Texts.Checked("name", name, LongestName) : null,
            LabelRules.Checked(request.Labels),
            Echoed(request));
        CheckSize(made);
        return made;
    }

    private static List<PlacedClone> Clones(CreateSessionRequest request, IReadOnlyList<OfferedClone> catalogue)
    {
        if (request.Clones is not { Count: > 0 } named)
        {
            throw Invalid.At("clones", "name at least one clone.");
        }

        if (catalogue.Count == 0)
        {
            throw new ControlPlaneException(NoWorker);
        }

        var seeds = request.Seeds ?? new Dictionary<string, string>();
        var scenario = Scenario(request, named);
        var placed = new List<PlacedClone>();
        for (var at = 0; at < named.Count; at++)
        {
            var clone = catalogue.FirstOrDefault(offered => offered.Id == named[at])
                ?? throw Invalid.At($"clones[{at}]", $"no such clone; there are {Words(catalogue.Select(offered => offered.Id))}.");
            if (placed.Exists(other => other.CloneName == clone.Id))
            {
                throw Invalid.At($"clones[{at}]", $"{clone.Id} is named twice.");
            }

            placed.Add(new PlacedClone(clone.Id, Seed(clone, seeds, scenario)));
        }

        return seeds.Keys.FirstOrDefault(name => !placed.Exists(clone => clone.CloneName == name)) is null
            ? placed
            : throw Invalid.At("seeds", "it names a clone that is not among the session's clones.");
    }

    /// <summary>The scenario that the session is for, all of whose clones it has; null: none.</summary>
    private static Scenario? Scenario(CreateSessionRequest request, IReadOnlyList<string> clones)
    {
        if (request.ScenarioId is not { } id)
        {
            return null;
        }

        var scenario = Scenarios.Scenario.Find(id) ?? throw Invalid.At("scenarioId", "no such scenario; GET /api/scenarios lists them.");
        return scenario.Clones.FirstOrDefault(clone => !clones.Contains(clone.CloneName)) is { CloneName: var missing }
            ? throw Invalid.At("scenarioId", $"{scenario.Id} needs the clone {missing}. Name it in clones.")
            : scenario;
    }

    /// <summary>The seed that the caller names, or the scenario, or the clone's first.</summary>
    private static string Seed(OfferedClone clone, IReadOnlyDictionary<string, string> seeds, Scenario? scenario) =>
        Offered(clone, seeds.TryGetValue(clone.Id, out var named) ? named : scenario?.SeedOf(clone.Id) ?? clone.Seeds[0].Id);

    private static string Offered(OfferedClone clone, string? named) => named is not null && clone.Seeds.Any(seed => seed.Id == named)
        ? named
        : throw Invalid.At($"seeds.{clone.Id}", $"no such seed; there are {Words(clone.Seeds.Select(seed => seed.Id))}.");

    /// <summary>The published fields that mean nothing here, as they came.</summary>
    private static Dictionary<string, JsonElement>? Echoed(CreateSessionRequest request)
    {
        Texts.InRange("scenarioRunCount", request.ScenarioRunCount, 1, MostRuns);
        var echo = new Dictionary<string, JsonElement>();
        Word("scenarioId", request.ScenarioId);
        Word("transport", request.Transport);
        Keep("scenarioRunCount", request.ScenarioRunCount is { } runs ? JsonSerializer.SerializeToElement(runs, ContractsJson.Default.Int32) : null);
        Object("routing", request.Routing);
        Object("source", request.Source);
        Object("credential", request.Credential);
        Object("runConfig", request.RunConfig);
        Object("scenarioDraft", request.ScenarioDraft);
        Object("runProject", request.RunProject);
        return echo.Count == 0 ? null : echo;

        void Word(string field, string? value) => Keep(
            field, value is null ? null : JsonSerializer.SerializeToElement(Texts.Checked(field, value, LongestWord), ContractsJson.Default.String));

        void Object(string field, JsonElement? value) =>
            Keep(field, value is null or { ValueKind: JsonValueKind.Object } ? value : throw Invalid.At(field, "it is not an object."));

        void Keep(string field, JsonElement? value)
        {
            if (value is { } given)
            {
                echo.Add(field, given);
            }
        }
    }

    private static void CheckSize(NewSession made)
    {
        try
        {
            if (JsonSerializer.SerializeToUtf8Bytes(made, CoreJson.Default.NewSession).Length > MostKeptBytes)
            {
                throw Invalid.At("body", "what is kept of it (routing, source, runConfig, scenarioDraft and the like) is more than 128 KiB.");
            }
        }
        catch (JsonException)
        {
            // Half of a surrogate pair, escaped: JSON's grammar allows it, and no text holds it.
            throw Invalid.At("body", "a text in it is not Unicode.");
        }
    }

    private static string Words(IEnumerable<string> words) => string.Join(", ", words);
}
