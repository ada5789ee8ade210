using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.OpenApi;
using ControlPlane.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Sessions;

/// <summary>
/// <code>
/// GET /api/clones                  what can be started here; any valid credential
/// GET /api/clones/{clone}/tools    the operations that a clone offers; any valid credential
/// GET /api/clones/{clone}/coverage how much of its service that is; any valid credential
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

    private static async Task<Ok<CloneToolList>> ToolsAsync(string cloneId, IEntities entities, CancellationToken cancellationToken) =>
        TypedResults.Ok(new CloneToolList(Tools(await FindAsync(cloneId, entities, cancellationToken))));

    private static async Task<Ok<CloneCoverage>> CoverageAsync(string cloneId, IEntities entities, CancellationToken cancellationToken)
    {
        var offered = await FindAsync(cloneId, entities, cancellationToken);
        var tools = Tools(offered);
        return TypedResults.Ok(new CloneCoverage(offered.Id, tools.Count, tools, StatusCodes.Status404NotFound));
    }

    private static async Task<OfferedClone> FindAsync(string cloneId, IEntities entities, CancellationToken cancellationToken) =>
        (await entities.Workers.CatalogueAsync(cancellationToken)).FirstOrDefault(clone => clone.Id.Equals(cloneId, StringComparison.OrdinalIgnoreCase))
            ?? throw new ControlPlaneException(ErrorCode.NotFound, "There is no such clone here. GET /api/clones lists them.");

    private static List<CloneTool> Tools(OfferedClone offered) => [.. (offered.Tools ?? []).Select(tool => new CloneTool(tool.Name, tool.Method, tool.Path))];

    public static void MapCatalogue(this IEndpointRouteBuilder routes)
    {
        var clones = routes.MapGroup("/api/clones").WithTags("Catalog");
        clones.MapGet("", ListAsync).Describe("listClones", "What can be started here");
        clones.MapGet("/{cloneId}/tools", ToolsAsync).Describe("listCloneTools", "The operations that a clone offers").Refuses(404);
        clones.MapGet("/{cloneId}/coverage", CoverageAsync).Describe("getCloneCoverage", "What a clone serves of its service, from its own routes").Refuses(404);
    }
}
