using System.Net;
using System.Text.Json;
using ControlPlane.Errors;

namespace ControlPlane.Server;

/// <summary>The server answered, and the answer was no.</summary>
internal sealed class ServerRefusal : CommandFailure
{
    private ServerRefusal(HttpStatusCode status, string message)
        : base(message) => Status = status;

    public HttpStatusCode Status { get; }

    public static ServerRefusal From(HttpStatusCode status, byte[] body, ServerAddress address) =>
        new(status, EnvelopeIn(body)?.Message ?? NotOurs(status, address));

    private static string NotOurs(HttpStatusCode status, ServerAddress address) =>
        $"{address} answered {(int)status} and not as the control plane does. Is {ArchalVariables.ApiUrl} its address?";

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
