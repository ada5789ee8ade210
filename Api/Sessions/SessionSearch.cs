using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Sessions;

/// <summary>Looks for a workspace's sessions: what a list's query names, and the pages that answer it.</summary>
internal static class SessionSearch
{
    private const int DefaultLimit = 50;
    private const int MostAtOnce = 200;
    private const int LongestName = 128;

    private static readonly SessionStatus[] Active = [SessionStatus.Starting, SessionStatus.Running];

    /// <exception cref="ControlPlaneException">400, naming the parameter.</exception>
    public static SessionQuery Read(IQueryCollection query) => new(
        Statuses(query.One("status") ?? "active"),
        LabelRules.Named(query.One("label")),
        CloneName(query.One("clone")),
        query.Number("limit", 1, MostAtOnce, DefaultLimit),
        query.One("cursor"));

    /// <summary>
    /// Live sessions with a label, as a query that stops them names it. It names nothing else, or less would be meant than is stopped.
    /// </summary>
    /// <exception cref="ControlPlaneException">400.</exception>
    public static SessionQuery ReadStop(IQueryCollection query) =>
        query.Keys.FirstOrDefault(name => name != "label") is { } other ? throw Invalid.At(other, "only label says what is stopped.")
        : LabelRules.Named(query.One("label")) is { } label ? new SessionQuery(Active, label, null, MostAtOnce, null)
        : throw Invalid.At("label", "say which sessions are to be stopped.");

    /// <summary>A page of sessions as they stand, which may be later than the index knows.</summary>
    public static async Task<(IReadOnlyList<SessionView> Views, string? Next)> PageAsync(
        IEntities entities, Caller caller, SessionQuery query, CancellationToken cancellationToken)
    {
        var page = await entities.Sessions(caller.WorkspaceId).PageAsync(query, cancellationToken);
        var views = await Task.WhenAll(page.SessionIds.Select(id => DescribeAsync(entities, caller, id, cancellationToken)));
        return ([.. views.OfType<SessionView>().Where(view => query.Statuses.Count == 0 || query.Statuses.Contains(view.Status))], page.Next);
    }

    /// <summary>The session; null when it was forgotten since the index was asked.</summary>
    private static async Task<SessionView?> DescribeAsync(IEntities entities, Caller caller, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await entities.Session(id).DescribeAsync(caller, cancellationToken);
        }
        catch (ControlPlaneException gone) when (gone.Code == ErrorCode.SessionNotFound)
        {
            return null;
        }
    }

    /// <summary>What can be a clone's name; no clone needs to have it.</summary>
    private static string? CloneName(string? name) =>
        name is null || (name.Length <= LongestName && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            ? name
            : throw Invalid.At("clone", $"1 to {LongestName} letters, digits, - and _.");

    private static SessionStatus[] Statuses(string word) => word switch
    {
        "active" => Active,
        "all" => [],
        _ => Array.FindAll(Enum.GetValues<SessionStatus>(), status => SessionAnswers.Word(status) == word) is { Length: 1 } one
            ? one
            : throw Invalid.At("status", "active, all, starting, running, ended or failed."),
    };
}
