using ControlPlane.Entities;
using ControlPlane.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Sessions;

/// <summary>
/// <code>
/// GET /api/clones    what can be started here; any valid credential
/// </code>
/// </summary>
internal static class CatalogueEndpoints
{
    private static async Task<Ok<CloneCatalogue>> ListAsync(IEntities entities, CancellationToken cancellationToken)
    {
        var offered = await entities.Workers.CatalogueAsync(cancellationToken);
        return TypedResults.Ok(new CloneCatalogue([.. offered.Select(clone => new CatalogueClone(
            clone.Id, clone.Name, clone.Description, [.. clone.Seeds.Select(seed => new CatalogueSeed(seed.Id, seed.Description))]))]));
    }

    public static void MapCatalogue(this IEndpointRouteBuilder routes) => routes.MapGet("/api/clones", ListAsync)
        .WithTags("Catalog").Describe("listClones", "What can be started here");
}
