using System.Globalization;
using ControlPlane.Headers;
using Microsoft.OpenApi;

namespace ControlPlane.OpenApi;

/// <summary>
/// The way to the clones, which the gateway takes before any routing: <c>/runtime/{sessionId}/{cloneId}/api/{path}</c>. What is refused is
/// the gateway's; every other answer is the clone's own, to the byte.
/// </summary>
internal static class RuntimeDescription
{
    public const string Path = "/runtime/{sessionId}/{cloneId}/api/{path}";
    public const string RouteHeader = "routeAuthorization";

    private static readonly string[] Places = ["sessionId", "cloneId", "path"];
    private static readonly int[] Refusals = [400, 401, 403, 404, 413, 429, 502, 503, 504];

    private static readonly (HttpMethod Method, string Id)[] Methods =
    [
        (HttpMethod.Get, "callCloneGet"), (HttpMethod.Post, "callClonePost"), (HttpMethod.Put, "callClonePut"),
        (HttpMethod.Patch, "callClonePatch"), (HttpMethod.Delete, "callCloneDelete"),
    ];

    public static void Describe(OpenApiDocument document, string bearer)
    {
        document.AddComponent<IOpenApiSecurityScheme>(
            RouteHeader, new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = HeaderNames.RouteAuthorization });
        document.Paths ??= [];
        document.Paths[Path] = new OpenApiPathItem { Operations = Methods.ToDictionary(row => row.Method, row => Operation(document, bearer, row.Method, row.Id)) };
    }

    private static OpenApiOperation Operation(OpenApiDocument document, string bearer, HttpMethod method, string id) => new()
    {
        OperationId = id,
        Summary = $"Call a clone: {method}",
        Tags = new HashSet<OpenApiTagReference> { new("Runtime", document) },
        Parameters = [.. Places.Select(name => new OpenApiParameter
        {
            Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        })],
        Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(RouteHeader, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(bearer, document)] = [] },
        ],
        Responses = Responses(document, method),
    };

    private static OpenApiResponses Responses(OpenApiDocument document, HttpMethod method)
    {
        var responses = new OpenApiResponses { ["2XX"] = new OpenApiResponse { Description = "What the clone answers, with any status. It has no x-route-error." } };
        foreach (var status in Refusals)
        {
            responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = RefusalCodes.Described($"{method} {Path}", status),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = new OpenApiSchemaReference("ErrorEnvelope", document) },
                },
            };
        }

        return responses;
    }
}
