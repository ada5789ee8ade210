using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Workers;

/// <summary>Speaks to whichever silo answers.</summary>
internal sealed partial class SiloClient(JoinOptions options, TimeProvider time, ILogger<SiloClient> logger) : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RoundPause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(2), ActivityHeadersPropagator = null,
    });

    private int _current;
    private bool _silent;

    /// <summary>An identity for a new data directory.</summary>
    /// <exception cref="JoinRefusedException">The token is not theirs, or this address is not allowed.</exception>
    public async Task<WorkerRegistered> JoinAsync(CancellationToken cancellationToken) => await RegisterAsync(new WorkerRegistration(), cancellationToken);

    /// <summary>Registers; asks on until a silo answers.</summary>
    /// <exception cref="JoinRefusedException">As above.</exception>
    public async Task<WorkerRegistered> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var answer = await PostAsync("/workers/register", options.Token, registration, ContractsJson.Default.WorkerRegistration, cancellationToken);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.OK:
                    return await answer.Content.ReadFromJsonAsync(ContractsJson.Default.WorkerRegistered, cancellationToken)
                        ?? throw new JoinRefusedException("A silo answered the registration with nothing.");
                case HttpStatusCode.Unauthorized:
                    throw new JoinRefusedException("The silos refuse the join token, or the secret in the data directory is not this worker's.");
                case HttpStatusCode.Forbidden:
                    throw new JoinRefusedException("This worker's address is not in the silos' Workers:AllowedNetworks.");
                case HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed:
                    throw new JoinRefusedException($"{options.Silos[_current]} does not take registrations ({(int)answer.StatusCode}).");
                default:
                    Failed($"answers {(int)answer.StatusCode}", null);
                    await Task.Delay(RoundPause, time, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>Says how the worker is, once a silo answers. False: the worker is to register anew.</summary>
    /// <exception cref="JoinRefusedException">The secret is not this worker's.</exception>
    public async Task<bool> BeatAsync(StoredIdentity identity, WorkerPresence presence, CancellationToken cancellationToken)
    {
        using var answer = await PostAsync(
            $"/workers/{identity.WorkerId}/beat", identity.Secret, presence, ContractsJson.Default.WorkerPresence, cancellationToken);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.NoContent:
                return true;
            case HttpStatusCode.NotFound:
                return false;
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                throw new JoinRefusedException("The silos do not take this worker's heartbeat.");
            default:
                // It is said again with the next.
                Failed($"answers {(int)answer.StatusCode}", null);
                return true;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Round after round over all silos, from the one that answered last.</summary>
    private async Task<HttpResponseMessage> PostAsync<T>(string path, string bearer, T body, JsonTypeInfo<T> shape, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Silos[_current], path))
                {
                    Headers = { Authorization = new AuthenticationHeaderValue("Bearer", bearer) },
                    Content = JsonContent.Create(body, shape),
                };
                using var late = new CancellationTokenSource(AnswerWithin, time);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
                var answer = await _http.SendAsync(request, limit.Token);
                if (_silent && answer.StatusCode < HttpStatusCode.InternalServerError)
                {
                    _silent = false;
                    LogBack(options.Silos[_current]);
                }

                return answer;
            }
            catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                Failed("does not answer", problem);
                if (tried % options.Silos.Count == 0)
                {
                    await Task.Delay(RoundPause, time, cancellationToken);
                }
            }
        }
    }

    /// <summary>The next silo is asked; said once, not with every try.</summary>
    private void Failed(string how, Exception? problem)
    {
        if (!_silent)
        {
            _silent = true;
            LogSilent(options.Silos[_current], how, problem);
        }

        _current = (_current + 1) % options.Silos.Count;
    }

    [LoggerMessage(EventId = 7101, EventName = "SiloSilent", Level = LogLevel.Warning,
        Message = "The silo at {Silo} {How}; the next one is asked until one answers")]
    private partial void LogSilent(Uri silo, string how, Exception? problem);

    [LoggerMessage(EventId = 7102, EventName = "SiloAnswersAgain", Level = LogLevel.Information, Message = "The silo at {Silo} answers")]
    private partial void LogBack(Uri silo);
}
