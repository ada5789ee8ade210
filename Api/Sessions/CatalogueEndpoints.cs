using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Sessions;

/// <summary>
/// <code>
/// GET /api/clones                  what can be started here; any valid credential
/// GET /api/clones/{clone}/tools    the operations that a clone offers; any valid credential
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

    private static async Task<Ok<CloneToolList>> ToolsAsync(string cloneId, IEntities entities, CancellationToken cancellationToken)
    {
        var offered = (await entities.Workers.CatalogueAsync(cancellationToken)).FirstOrDefault(clone => clone.Id.Equals(cloneId, StringComparison.OrdinalIgnoreCase))
            ?? throw new ControlPlaneException(ErrorCode.NotFound, "There is no such clone here. GET /api/clones lists them.");
        return TypedResults.Ok(new CloneToolList([.. (offered.Tools ?? []).Select(tool => new CloneTool(tool.Name, tool.Method, tool.Path))]));
    }

    public static void MapCatalogue(this IEndpointRouteBuilder routes)
    {
        var clones = routes.MapGroup("/api/clones").WithTags("Catalog");
        clones.MapGet("", ListAsync).Describe("listClones", "What can be started here");
        clones.MapGet("/{cloneId}/tools", ToolsAsync).Describe("listCloneTools", "The operations that a clone offers").Refuses(404);
    }
}
