using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.Auth;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ControlPlane.OpenApi;

/// <summary>
/// <code>
/// GET /openapi/v1.json    what there is; made once, when it is first asked for, so that no start waits for it
/// </code>
/// </summary>
internal static class ApiDescription
{
    private const string Bearer = "archalToken";

    public static void AddApiDescription(this IServiceCollection services) => services.AddSingleton<DescriptionBytes>().AddOpenApi(DescriptionBytes.DocumentName, static options =>
    {
        options.AddDocumentTransformer(static (document, context, _) =>
        {
            Describe(document, context.ApplicationServices.GetRequiredService<CloneUrls>().Public);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer(static (schema, context, _) =>
        {
            Describe(schema, context.JsonTypeInfo);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
    });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) => routes
        .MapGet("/openapi/v1.json", static async (DescriptionBytes description) =>
            TypedResults.Bytes(await description.GetAsync(), "application/json; charset=utf-8"))
        .ExcludeFromDescription();

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

    /// <summary>Another body that it refuses with, depending on how it was asked.</summary>
    public static TBuilder MayRefuseWith<TBuilder>(this TBuilder endpoint, Type type, params ReadOnlySpan<int> statuses) where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
        {
            endpoint.WithMetadata(new RefusesAlso(status, type));
        }

        return endpoint;
    }

    /// <summary>Whoever fills in a form is refused with the page, and a program with the envelope.</summary>
    public static TBuilder MayRefuseAsPage<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RefusesAsPage());

    /// <param name="url">From configuration: the framework would copy the caller's Host.</param>
    private static void Describe(OpenApiDocument document, string url)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Session control plane",
            Version = "v1",
            Description = "Starts sessions of service clones and says who may use them. Compatible with the published 0.3.0 description.",
        };
        document.Servers = [new OpenApiServer { Url = url }];
        document.Components ??= new OpenApiComponents();
        document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
        RuntimeDescription.Describe(document, Bearer);
    }

    private static void Describe(OpenApiSchema schema, JsonTypeInfo type)
    {
        if (Examples.Of(type.Type) is { } example)
        {
            schema.Examples = [example];
        }

        // What is null is left out of an answer, also where its type names it without a default.
        schema.Required?.ExceptWith(type.Properties.Where(property => property.IsGetNullable).Select(property => property.Name));
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
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

        foreach (var also in metadata.OfType<RefusesAlso>())
        {
            var json = operation.Responses![$"{also.Status}"].Content!["application/json"];
            json.Schema = new OpenApiSchema { AnyOf = [json.Schema!, await context.GetOrCreateSchemaAsync(also.Type, null, cancellationToken)] };
        }

        var asPage = metadata.OfType<RefusesAsPage>().Any();
        foreach (var response in operation.Responses?.Values.Where(_ => asPage) ?? [])
        {
            response.Content?.TryAdd("text/html", new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        }

        var name = $"{context.Description.HttpMethod} /{context.Description.RelativePath}";
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (RefusalCodes.Described(name, int.Parse(status, CultureInfo.InvariantCulture)) is { Length: > 0 } codes)
            {
                response.Description = codes;
            }
        }

        // What a part of the pipeline before the handler reads of the path, the framework does not see.
        operation.Parameters ??= [];
        foreach (var part in RoutePatternFactory.Parse($"/{context.Description.RelativePath}").Parameters.Where(
            part => !operation.Parameters.Any(known => known.Name == part.Name)))
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = part.Name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        foreach (var parameter in metadata.OfType<Read>())
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = parameter.In,
                Description = parameter.Meaning,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }

    private sealed record RefusesAsPage;

    private sealed record RefusesAlso(int Status, Type Type);

    private sealed record Read(string Name, ParameterLocation In, string Meaning);
}
