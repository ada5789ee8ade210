using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ControlPlane.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ControlPlane.Workers;

/// <summary>
/// For a listener of the silos' own network, never a public one:
/// <code>
/// POST /workers/register     join token           a worker has started, or is not known any more
/// POST /workers/{id}/beat    the worker's secret   it is there
/// </code>
/// A refusal is a status without a body: it tells a stranger nothing, and the silo's log tells its operator.
/// </summary>
public static class RegistrationEndpoints
{
    /// <summary>A heartbeat names every placement; one of a worker with ten thousand is half a mebibyte.</summary>
    private const long MostBytes = 4 * 1024 * 1024;

    /// <summary>What <see cref="MapWorkerRegistration"/> needs beside the entities; options are checked at the start.</summary>
    public static IServiceCollection AddWorkerRegistration(this IServiceCollection services)
    {
        services.AddOptions<WorkerOptions>().BindConfiguration(WorkerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<WorkerOptions>, WorkerOptionsCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<NameResolver>(Dns.GetHostAddressesAsync);
        return services.AddSingleton<Registration>();
    }

    public static void MapWorkerRegistration(this IEndpointRouteBuilder app)
    {
        app.Map("/workers/register", RegisterAsync);
        app.Map("/workers/{id}/beat", BeatAsync);
    }

    private static Task RegisterAsync(HttpContext http) => AnswerAsync(http, async registration =>
    {
        if (!registration.MayJoin(Bearer(http)))
        {
            return StatusCodes.Status401Unauthorized;
        }

        if (await ReadAsync(http, ContractsJson.Default.WorkerRegistration) is not { } asked)
        {
            return StatusCodes.Status400BadRequest;
        }

        if (asked is { WorkerId: null, Secret: null })
        {
            return await WriteAsync(http, registration.Welcome());
        }

        if (!Registration.Proves(asked.Secret, asked.WorkerId))
        {
            return StatusCodes.Status401Unauthorized;
        }

        return !IsWhole(asked.Presence) ? StatusCodes.Status400BadRequest
            : await registration.RegisterAsync(asked.WorkerId, asked.Secret, asked.Presence, http.RequestAborted) is { } registered
                ? await WriteAsync(http, registered)
                : StatusCodes.Status403Forbidden;
    });

    private static Task BeatAsync(HttpContext http) => AnswerAsync(http, async registration =>
    {
        var (id, secret) = ((string)http.GetRouteValue("id")!, Bearer(http)); // The route has it.
        if (!Registration.Proves(secret, id))
        {
            return StatusCodes.Status401Unauthorized;
        }

        return await ReadAsync(http, ContractsJson.Default.WorkerPresence) is not { } presence || !IsWhole(presence) ? StatusCodes.Status400BadRequest
            : await registration.BeatAsync(id, secret, presence, http.RequestAborted) ? StatusCodes.Status204NoContent
            : StatusCodes.Status404NotFound;
    });

    private static async Task AnswerAsync(HttpContext http, Func<Registration, Task<int?>> decideAsync)
    {
        var registration = http.RequestServices.GetRequiredService<Registration>();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MostBytes;
        }

        try
        {
            var status = !registration.MayCallFrom(http.Connection.RemoteIpAddress) ? StatusCodes.Status403Forbidden
                : !HttpMethods.IsPost(http.Request.Method) ? StatusCodes.Status405MethodNotAllowed
                : await decideAsync(registration);
            if (status is { } plain)
            {
                http.Response.StatusCode = plain;
            }
        }
        catch (ControlPlaneException problem) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = problem.Code.Status();
            if (problem.Refusal.RetryAfter is { } after)
            {
                http.Response.Headers.RetryAfter = RefusalHeaders.Jittered(after).ToString(CultureInfo.InvariantCulture);
            }
        }
    }

    private static async Task<T?> ReadAsync<T>(HttpContext http, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> shape) where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, shape, http.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The serializer leaves null what the JSON left out.</summary>
    private static bool IsWhole([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] WorkerPresence? presence) =>
        presence is { DataUrl: not null, ControlUrl: not null, Capacity: >= 0, Placements: not null, Catalogue: not null };

    /// <summary>Gives no status: it is on its way.</summary>
    private static async Task<int?> WriteAsync(HttpContext http, WorkerRegistered registered)
    {
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsJsonAsync(registered, ContractsJson.Default.WorkerRegistered, cancellationToken: http.RequestAborted);
        return null;
    }

    private static string Bearer(HttpContext http) =>
        AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var shown) && shown.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? shown.Parameter ?? ""
            : "";
}
