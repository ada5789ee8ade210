using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Workers;

/// <summary>Asks one worker how it is and tells the pool, on behalf of a worker that does not register itself.</summary>
public sealed partial class WorkerHeartbeat(
    WorkerClients clients, WorkerAddress address, IWorkerPool pool, TimeProvider time, ILogger<WorkerHeartbeat> logger)
{
    /// <summary>A worker that takes longer is as good as silent; the pool counts it as gone after several of these.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    private readonly WorkerClient _worker = clients.At(address);
    private bool _silent;

    /// <summary>Once: what the worker said, after the pool knows it.</summary>
    /// <exception cref="Exception">The worker was not reached, broke or took too long.</exception>
    public async Task<WorkerStatus> BeatAsync(CancellationToken cancellationToken = default)
    {
        using var late = new CancellationTokenSource(AnswerWithin, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var status = await _worker.StatusAsync(limit.Token);

        await pool.RegisterAsync(status.ToBeat(address), cancellationToken);
        return status;
    }

    /// <summary>Again and again until stopped. A worker that is silent is asked on.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps the worker from answering, it is asked again.")]
    public async Task RunAsync(TimeSpan every, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await BeatAsync(stopping);
                Heard();
            }
            catch (Exception problem) when (!stopping.IsCancellationRequested)
            {
                Silent(problem);
            }

            await Task.Delay(every, time, stopping);
        }
    }

    private void Heard()
    {
        if (_silent)
        {
            _silent = false;
            LogBack(address.Control);
        }
    }

    /// <summary>Said once, not with every beat that is missed.</summary>
    private void Silent(Exception problem)
    {
        if (!_silent)
        {
            _silent = true;
            LogSilent(address.Control, problem);
        }
    }

    [LoggerMessage(EventId = 2111, EventName = "WorkerSilent", Level = LogLevel.Warning, Message = "The worker at {Control} does not answer")]
    private partial void LogSilent(Uri control, Exception problem);

    [LoggerMessage(EventId = 2112, EventName = "WorkerAnswersAgain", Level = LogLevel.Information, Message = "The worker at {Control} answers again")]
    private partial void LogBack(Uri control);
}
