using System.Net;
using System.Text.Json;
using ControlPlane.Auth;
using ControlPlane.Errors;

namespace ControlPlane.Server;

/// <summary>The server answered, and the answer was no.</summary>
internal sealed class ServerRefusal : CommandFailure
{
    private ServerRefusal(HttpStatusCode status, string message, string? oauthError)
        : base(message) => (Status, OauthError) = (status, oauthError);

    public HttpStatusCode Status { get; }

    /// <summary>The code of RFC 6749, of the endpoint that answers in its shape; null of all others.</summary>
    public string? OauthError { get; }

    public static ServerRefusal From(HttpStatusCode status, byte[] body, ServerAddress address) =>
        EnvelopeIn(body) is { } envelope ? new(status, envelope.Message, null)
        : OauthIn(body) is { } refusal ? new(status, refusal.Description, refusal.Error)
        : new(status, NotOurs(status, address), null);

    private static string NotOurs(HttpStatusCode status, ServerAddress address) =>
        $"{address} answered {(int)status} and not as the control plane does. Is {ArchalVariables.ApiUrl} its address?";

    private static DeviceTokenRefusal? OauthIn(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ContractsJson.Default.DeviceTokenRefusal) is { Error.Length: > 0, Description.Length: > 0 } refusal
                ? refusal
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ErrorEnvelope? EnvelopeIn(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ContractsJson.Default.ErrorEnvelope) is { Message.Length: > 0 } envelope
                ? envelope
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
