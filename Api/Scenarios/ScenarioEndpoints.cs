using ControlPlane.Entities;
using ControlPlane.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Scenarios;

/// <summary>
/// <code>
/// GET /api/scenarios    the built-in scenarios that can be started here; any valid credential
/// </code>
/// </summary>
internal static class ScenarioEndpoints
{
    private static async Task<Ok<ScenarioList>> ListAsync(IEntities entities, CancellationToken cancellationToken)
    {
        var offered = await entities.Workers.CatalogueAsync(cancellationToken);
        var here = Scenario.BuiltIn.Where(scenario => scenario.Clones.All(
            clone => offered.Any(one => one.Id == clone.CloneName && one.Seeds.Any(seed => seed.Id == clone.Seed))));
        return TypedResults.Ok(new ScenarioList([.. here.Select(Answer)]));
    }

    internal static ScenarioEntry Answer(Scenario scenario) => new(
        scenario.Id, scenario.Title, scenario.Task, [.. scenario.Clones.Select(clone => clone.CloneName)],
        scenario.Clones.ToDictionary(clone => clone.CloneName, clone => clone.Seed));

    public static void MapScenarios(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/scenarios", ListAsync).WithTags("Catalog").Describe("listScenarios", "The built-in scenarios that can be started here");
}
