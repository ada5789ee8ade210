using System.Text.Json;
using ControlPlane.Faults;
using ControlPlane.Journals;
using ControlPlane.Sessions;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Workers;

/// <summary>
/// Control port, <c>/placements/{session}/clones/{clone}/</c> with <c>?epoch=N</c>. <c>state</c>: <c>GET</c> gives the whole state of a clone,
/// <c>PUT</c> replaces it, by the seed that <c>&amp;seed=</c> names or by the state in the body; with <c>&amp;faults=clear</c> all faults end too.
/// <c>faults</c>: <c>GET</c> gives the faults that are injected into its answers, <c>PUT</c> sets all of them.
/// </summary>
internal sealed class PlacedClones(Placements placements)
{
    /// <exception cref="IOException">It could not be written or read; nothing was changed.</exception>
    public async Task AnswerAsync(HttpContext http, string session, string cloneName, string what)
    {
        if (!long.TryParse(http.Request.Query["epoch"], out var epoch))
        {
            await Envelope.WriteAsync(http, 400, "request_invalid", "The epoch is not a number.");
            return;
        }

        var held = (await placements.ReadAsync()).Placements.GetValueOrDefault(session);
        if (held?.Epoch != epoch)
        {
            await Envelope.WriteAsync(http, 409, "epoch_passed", "No placement of this epoch is held.");
            return;
        }

        try
        {
            if (await placements.OpenAsync(session, cloneName, epoch) is not { } clone)
            {
                await Envelope.WriteAsync(http, 404, "clone_unknown", "The placement has no such clone.");
                return;
            }

            await ((what, http.Request.Method) switch
            {
                ("state", "GET") => GiveAsync(http, clone),
                ("state", "PUT") => TakeAsync(http, cloneName, clone),
                ("faults", "GET") => Envelope.WriteAsync(http, JsonSerializer.SerializeToUtf8Bytes(clone.Faults, ContractsJson.Default.CloneFaultList)),
                ("faults", "PUT") => TakeFaultsAsync(http, clone),
                _ => Envelope.WriteAsync(http, 405, "method_not_allowed", "State and faults are read with GET and replaced with PUT."),
            });
        }
        catch (LedgerClosedException)
        {
            await Envelope.WriteAsync(http, 409, "epoch_passed", "The placement ended while this was under way.");
        }
    }

    private static async Task GiveAsync(HttpContext http, FaultyClone clone) => await Envelope.WriteAsync(http, await clone.ExportAsync());

    private async Task TakeAsync(HttpContext http, string cloneName, FaultyClone clone)
    {
        var seed = http.Request.Query["seed"] is [{ } named] ? named : null;
        var seeds = placements.Clones[cloneName].Catalogue.Seeds.Select(known => known.Id).ToList();
        if (seed is not null && !seeds.Contains(seed))
        {
            await Envelope.WriteAsync(http, 400, "request_invalid", $"seed: {cloneName} has no seed '{seed}'. It has {string.Join(", ", seeds)}.");
            return;
        }

        using var state = seed is null ? await ReadAsync(http) : null;
        var fault = seed is null && state is null ? "it is not JSON, or names something twice." : await clone.ReplaceAsync(seed, state?.RootElement ?? default);
        if (fault is null)
        {
            // Behind the state: a call that breaks off in between is made again, and ends them then.
            if (http.Request.Query["faults"] == "clear")
            {
                clone.Set(new CloneFaultList());
            }

            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await Envelope.WriteAsync(http, 400, "request_invalid", $"state: {fault}");
    }

    private static async Task TakeFaultsAsync(HttpContext http, FaultyClone clone)
    {
        CloneFaultList? faults;
        try
        {
            faults = await JsonSerializer.DeserializeAsync(http.Request.Body, ContractsJson.Default.CloneFaultList, http.RequestAborted);
        }
        catch (JsonException)
        {
            faults = null;
        }

        if (faults is null || FaultRules.Wrong(faults) is not null)
        {
            await Envelope.WriteAsync(http, 400, "request_invalid", faults is null ? "body: it is no list of faults." : FaultRules.Wrong(faults)!);
            return;
        }

        clone.Set(faults);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<JsonDocument?> ReadAsync(HttpContext http)
    {
        try
        {
            return await JsonDocument.ParseAsync(http.Request.Body, new JsonDocumentOptions { AllowDuplicateProperties = false }, http.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
