using ControlPlane.Auth;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ControlPlane.OpenApi;

/// <summary>
/// <code>
/// GET /openapi/v1.json    what there is; made when it is first asked for, so that no start waits for it
/// </code>
/// </summary>
internal static class ApiDescription
{
    private const string Bearer = "archalToken";

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi(static options =>
    {
        options.AddDocumentTransformer(static (document, context, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Session control plane",
                Version = "v1",
                Description = "Starts sessions of service clones and says who may use them. Compatible with the published 0.3.0 description.",
            };
            // From configuration: the framework would copy the caller's Host.
            document.Servers = [new OpenApiServer { Url = context.ApplicationServices.GetRequiredService<CloneUrls>().Public }];
            document.Components ??= new OpenApiComponents();
            document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(static (operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            if (metadata.OfType<CallerNeeded>().FirstOrDefault() is { } needed)
            {
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
                if (needed.Optional)
                {
                    operation.Security.Add([]);
                }
            }

            foreach (var parameter in metadata.OfType<Read>())
            {
                operation.Parameters ??= [];
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = parameter.Name,
                    In = parameter.In,
                    Description = parameter.Meaning,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            }

            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/v1.json");

    /// <summary>Names an operation as its callers will know it.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operationId, string summary) =>
        endpoint.WithName(operationId).WithSummary(summary);

    /// <summary>A query parameter that the operation reads by itself.</summary>
    public static TBuilder ReadsQuery<TBuilder>(this TBuilder endpoint, string name, string meaning) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Read(name, ParameterLocation.Query, meaning));

    /// <summary>A header that the operation reads by itself.</summary>
    public static TBuilder ReadsHeader<TBuilder>(this TBuilder endpoint, string name, string meaning) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Read(name, ParameterLocation.Header, meaning));

    /// <summary>The statuses that an operation refuses with, all in the envelope.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoint, params ReadOnlySpan<int> statuses) where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
        {
            endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ErrorEnvelope), ["application/json"]));
        }

        return endpoint;
    }

    private sealed record Read(string Name, ParameterLocation In, string Meaning);
}
