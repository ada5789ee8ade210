using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Workers;

/// <summary>
/// Keeps a worker known to its cluster: registers at any of the silos, then says again and again that it is there. Whoever does not answer is
/// passed over for the next; whoever does not know its secret any more is registered with anew.
/// </summary>
internal sealed partial class Presence(CloneWorker worker, JoinOptions options, TimeProvider time, ILogger<Presence> logger) : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = AnswerWithin,
    };

    private int _silo;
    private WorkerRegistered? _registered;
    private bool _silent;

    /// <summary>Until stopped; then once more, without room, so that no session is placed on a worker that goes.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps a silo from answering, another is asked.")]
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await BeatAsync(draining: false, stopping);
                Heard();
                await Task.Delay(TimeSpan.FromSeconds(_registered?.BeatSeconds ?? 1), time, stopping);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception problem)
            {
                Silent(problem);
                _silo = (_silo + 1) % options.Silos.Count;
                await Task.Delay(Retry, time, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }

        await DrainAsync();
    }

    public void Dispose() => _http.Dispose();

    private async Task BeatAsync(bool draining, CancellationToken cancellationToken)
    {
        _registered ??= await RegisterAsync(cancellationToken);
        var status = await worker.StatusAsync();
        var presence = new WorkerPresence(
            options.DataUrl ?? worker.DataAddress, draining ? 0 : status.Capacity, status.Placements.Count, status.Catalogue);
        using var request = Request($"/workers/{worker.WorkerId}/beat", _registered.Secret);
        request.Content = JsonContent.Create(presence, ContractsJson.Default.WorkerPresence);
        using var response = await _http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            _registered = null;
        }

        response.EnsureSuccessStatusCode();
    }

    private async Task<WorkerRegistered> RegisterAsync(CancellationToken cancellationToken)
    {
        using var request = Request("/workers", options.Token);
        request.Content = JsonContent.Create(
            new WorkerRegistration(worker.WorkerId, options.ControlUrl ?? worker.ControlAddress), ContractsJson.Default.WorkerRegistration);
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var registered = await response.Content.ReadFromJsonAsync(ContractsJson.Default.WorkerRegistered, cancellationToken)
            ?? throw new HttpRequestException("The answer to the registration is empty.");

        // Before the first heartbeat: as soon as the cluster knows the worker, it may be given a session.
        worker.TakeSecret(registered.Secret);
        return registered;
    }

    [SuppressMessage("Design", "CA1031", Justification = "A worker that cannot say that it goes is found to be gone.")]
    private async Task DrainAsync()
    {
        try
        {
            await BeatAsync(draining: true, CancellationToken.None);
        }
        catch (Exception)
        {
            // See above.
        }
    }

    private HttpRequestMessage Request(string path, string credential) => new(HttpMethod.Post, new Uri(options.Silos[_silo], path))
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", credential) },
    };

    private void Heard()
    {
        if (_silent)
        {
            _silent = false;
            LogBack(options.Silos[_silo]);
        }
    }

    /// <summary>Said once, not with every beat that is missed.</summary>
    private void Silent(Exception problem)
    {
        if (!_silent)
        {
            _silent = true;
            LogSilent(options.Silos[_silo], problem.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The silo at {Silo} does not take this worker in: {Problem}")]
    private partial void LogSilent(Uri silo, string problem);

    [LoggerMessage(LogLevel.Information, "The silo at {Silo} knows this worker")]
    private partial void LogBack(Uri silo);
}
