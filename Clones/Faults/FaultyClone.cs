using System.Text.Json;
using ControlPlane.Journals;
using ControlPlane.Sessions;
using ControlPlane.Workers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ControlPlane.Faults;

/// <summary>A clone within one session and the faults that are injected into its answers, which are kept in a file beside its journal.</summary>
internal sealed class FaultyClone : ISessionClone
{
    private const string Root = "/api";

    /// <summary>A reset overtakes what is still on its way: so long the beginning of an answer that breaks off has to be read.</summary>
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    private readonly ISessionClone _clone;
    private readonly string _file;
    private readonly TimeProvider _time;
    private readonly Lock _turn = new();
    private ActiveFault[] _faults;
    private bool _closed;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public FaultyClone(ISessionClone clone, string file, TimeProvider time)
    {
        (_clone, _file, _time) = (clone, file, time);
        var kept = File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), ContractsJson.Default.CloneFaultList) : null;
        _faults = Active(kept);
    }

    /// <summary>As they were set.</summary>
    public CloneFaultList Faults => new() { Faults = [.. Volatile.Read(ref _faults).Select(active => active.Fault)] };

    /// <summary>Sets all of them, durable when it returns.</summary>
    /// <exception cref="IOException">It could not be written, and nothing was changed.</exception>
    /// <exception cref="LedgerClosedException">The session ended while this was under way.</exception>
    public void Set(CloneFaultList faults)
    {
        lock (_turn)
        {
            LedgerClosedException.ThrowIf(_closed);
            if (faults.Faults is { Count: > 0 })
            {
                DurableFiles.Replace(_file, JsonSerializer.SerializeToUtf8Bytes(faults, ContractsJson.Default.CloneFaultList));
            }
            else if (File.Exists(_file))
            {
                File.Delete(_file);
                DurableFiles.FlushDirectoryOf(_file);
            }

            Volatile.Write(ref _faults, Active(faults));
        }
    }

    public async Task AnswerAsync(HttpContext http, string baseUrl)
    {
        if (Volatile.Read(ref _faults) is not { Length: > 0 } faults || Meeting(faults, http) is not { } fault)
        {
            await _clone.AnswerAsync(http, baseUrl);
            return;
        }

        if (fault.DelayMs is { } milliseconds)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), _time, http.RequestAborted);
        }

        await (fault switch
        {
            { Drop: true } => DropAsync(http),
            { Status: { } status } => RefuseAsync(http, status, fault.Message ?? "This error is injected: see the faults of the clone."),
            _ => _clone.AnswerAsync(http, baseUrl),
        });
    }

    public Task<byte[]> ExportAsync() => _clone.ExportAsync();

    public Task<string?> ReplaceAsync(string? seed, JsonElement state) => _clone.ReplaceAsync(seed, state);

    public ValueTask DisposeAsync()
    {
        lock (_turn)
        {
            _closed = true;
        }

        return _clone.DisposeAsync();
    }

    private static CloneFault? Meeting(ActiveFault[] faults, HttpContext http)
    {
        var segments = Segments(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        return Array.Find(faults, active => active.Meets(http.Request.Method, segments))?.Fault;
    }

    /// <summary>Below the API's root; null when the target is not there.</summary>
    private static string[]? Segments(string target)
    {
        var path = target.Split('?', 2)[0];
        return path.StartsWith(Root, StringComparison.Ordinal) && (path.Length == Root.Length || path[Root.Length] == '/')
            ? path[Root.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries)
            : null;
    }

    // After the beginning of an answer and not before it: what broke before could be sent again, or answered, by whoever is between.
    private async Task DropAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.Body.WriteAsync("{"u8.ToArray(), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await Task.Delay(HeadStart, _time, http.RequestAborted);
        http.Abort();
    }

    private static async Task RefuseAsync(HttpContext http, int status, string message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["message"] = message }, FaultsJson.Default.DictionaryStringString);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(HttpMethods.IsHead(http.Request.Method) ? default : body, http.RequestAborted);
    }

    private static ActiveFault[] Active(CloneFaultList? faults) => [.. (faults?.Faults ?? []).Select(fault => new ActiveFault(fault))];
}
