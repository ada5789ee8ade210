using System.Globalization;

namespace ControlPlane.GitHub.Http;

/// <summary>GitHub's answers that are not a success, with its words.</summary>
internal static class Refusals
{
    private const string GeneralDocs = "https://docs.github.com/rest";

    public static readonly Answer RouteUnknown = Plain(404, "Not Found", GeneralDocs);

    // The address is the published one for a strict clone, not that of the operation.
    public static readonly Answer RequiresAuthentication = Plain(
        401, "Requires authentication", GeneralDocs + "/overview/resources-in-the-rest-api#authentication");

    public static readonly Answer MustAcceptJson = Plain(415, "Must accept 'application/json'", GeneralDocs);

    public static readonly Answer TooLarge = Plain(413, "Payload Too Large", GeneralDocs);

    /// <summary>Bodies have taken the room that there is for them; a moment later there may be some.</summary>
    public static readonly Answer Busy = Plain(503, "Service Unavailable", GeneralDocs) with { RetryAfterSeconds = 1 };

    public static readonly Answer Unavailable = Plain(503, "Service Unavailable", GeneralDocs);

    public static Answer ApiVersionUnknown(string version) => Plain(
        400, $"API version {version} is not supported.", GeneralDocs + "/about-the-rest-api/api-versions");

    public static Answer RateLimited(long userId) => Plain(
        403,
        $"API rate limit exceeded for user ID {userId}.",
        GeneralDocs + "/using-the-rest-api/rate-limits-for-the-rest-api");

    public static Answer NotFound(Route route) => Plain(404, "Not Found", route.Docs);

    public static Answer Archived(Route route) => Plain(403, "Repository was archived so is read-only.", route.Docs);

    public static Answer IssuesDisabled(Route route) => Plain(410, "Issues are disabled for this repo", route.Docs);

    public static Answer NotJson(Route route) => Plain(400, "Problems parsing JSON", route.Docs);

    public static Answer NotAnObject(Route route) => Plain(400, "Body should be a JSON object", route.Docs);

    /// <summary>The body has not the shape that the operation declares: all faults in one message, a line each.</summary>
    public static Answer Misshapen(Route route, IEnumerable<string> faults) =>
        Plain(422, "Invalid request.\n\n" + string.Join('\n', faults.Order(StringComparer.Ordinal)), route.Docs);

    public static Answer Unprocessable(Route route, string message) => Plain(422, message, route.Docs);

    public static Answer Invalid(Route route, params ReadOnlySpan<FieldError> errors) => Invalid(route, "Validation Failed", errors);

    public static Answer Invalid(Route route, string message, params ReadOnlySpan<FieldError> errors)
    {
        var listed = errors.ToArray();
        return new Answer(422, JsonBody.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("message", message);
            json.WriteStartArray("errors");
            foreach (var error in listed)
            {
                error.WriteTo(json);
            }

            json.WriteEndArray();
            json.WriteString("documentation_url", route.Docs);
            json.WriteString("status", "422");
            json.WriteEndObject();
        }));
    }

    /// <summary>The repository has another name now. Reading goes there by itself; other methods must be repeated as they are.</summary>
    public static Answer Moved(bool reading, string location) => new(reading ? 301 : 307, JsonBody.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("message", "Moved Permanently");
        json.WriteString("url", location);
        json.WriteString("documentation_url", "https://docs.github.com/v3/#http-redirects");
        json.WriteEndObject();
    }))
    { Location = location };

    private static Answer Plain(int status, string message, string docs) => new(status, JsonBody.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("message", message);
        json.WriteString("documentation_url", docs);
        json.WriteString("status", status.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }));
}
