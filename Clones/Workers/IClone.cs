using ControlPlane.Journals;
using System.Text.Json;
using ControlPlane.Sessions;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Workers;

/// <summary>One service that sessions can have a clone of.</summary>
internal interface IClone
{
    /// <summary>Its name in URLs, what it is, and the seeds that it can start from.</summary>
    CatalogueClone Catalogue { get; }

    /// <summary>The clone of one session. Nothing is read or written before it is used.</summary>
    /// <param name="seed">One of the catalogue's.</param>
    /// <param name="journal">The file that its state is kept in, there or not; nobody else uses it until the clone is disposed.</param>
    ISessionClone Open(string seed, string journal, Disk disk);
}

/// <summary>A clone within one session. Disposing it finishes what it is writing and closes its file.</summary>
internal interface ISessionClone : IAsyncDisposable
{
    /// <summary>
    /// Answers one request. The ticket is gone from it; its <c>Authorization</c> may hold a live token of the platform and must not be kept.
    /// </summary>
    /// <param name="baseUrl">The clone's public base URL, without a slash at the end.</param>
    /// <exception cref="LedgerClosedException">The session ended while this was under way.</exception>
    Task AnswerAsync(HttpContext http, string baseUrl);

    /// <summary>The whole state, as <see cref="ReplaceAsync"/> takes it. Nothing of any caller's credential is in it.</summary>
    Task<byte[]> ExportAsync();

    /// <summary>Replaces the whole state by one of the catalogue's seeds, or by a whole one; durable when it answers, and one step for every reader.</summary>
    /// <param name="seed">Null: <paramref name="state"/> is given.</param>
    /// <returns>What is wrong with the state; null: it is the clone's from now on.</returns>
    /// <exception cref="IOException">It could not be written, and nothing was changed.</exception>
    Task<string?> ReplaceAsync(string? seed, JsonElement state);
}
