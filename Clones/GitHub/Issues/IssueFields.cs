using System.Collections.Immutable;
using System.Text.Json;
using ControlPlane.GitHub.Http;
using ControlPlane.GitHub.Repositories;
using ControlPlane.GitHub.Users;

namespace ControlPlane.GitHub.Issues;

/// <summary>The fields that creating and updating an issue share: what they may be, and what they mean.</summary>
internal static class IssueFields
{
    private const int LongestTitle = 256;
    private const int LongestBody = 65536;
    private const string NewLabelColor = "ededed";

    private static readonly Field[] Shared =
    [
        new("body", Kinds.Text | Kinds.Null),
        new("assignee", Kinds.Text | Kinds.Null),
        new("assignees", Kinds.Array),
        new("labels", Kinds.Array),
        new("milestone", Kinds.Text | Kinds.Integer | Kinds.Null, OneOf: true),
        new("type", Kinds.Text | Kinds.Null),
    ];

    public static readonly Field[] OfCreate = [.. Shared, new("title", Kinds.Text | Kinds.Integer, Required: true, OneOf: true)];

    public static readonly Field[] OfUpdate =
    [
        .. Shared,
        new("title", Kinds.Text | Kinds.Integer | Kinds.Null, OneOf: true),
        new("state", Kinds.Text, Members: ["open", "closed"]),
        new("state_reason", Kinds.Text | Kinds.Null, Members: ["completed", "not_planned", "duplicate", "reopened"]),
    ];

    /// <summary>What is well shaped and still cannot be.</summary>
    public static IEnumerable<FieldError> Faults(Call call, User user)
    {
        const string Resource = "Issue";
        if (call.Text("title") is { } title)
        {
            if (string.IsNullOrWhiteSpace(title))
            {
                yield return new(Resource, "missing_field", "title");
            }
            else if (title.Length > LongestTitle)
            {
                yield return new(Resource, "custom", "title", $"title is too long (maximum is {LongestTitle} characters)");
            }
        }

        if (call.Text("body")?.Length > LongestBody)
        {
            yield return new(Resource, "invalid", "body", $"body is too long (maximum is {LongestBody} characters)", ShowsNull: true);
        }

        foreach (var login in Assignees(call) ?? [])
        {
            if (!login.Equals(user.Login, StringComparison.OrdinalIgnoreCase))
            {
                yield return new(Resource, "invalid", "assignees", Value: login);
            }
        }

        // There are no milestones and no types of issues here yet, so any that is named is unknown.
        foreach (var name in (string[])["milestone", "type"])
        {
            if (call.Text(name) is { } unknown)
            {
                yield return new(Resource, "invalid", name, Value: unknown);
            }
        }
    }

    /// <summary>Whether every label is a text or an object with a name.</summary>
    public static Answer? LabelFault(Call call) =>
        call.Value("labels") is { } labels && labels.EnumerateArray().Any(label => NameOf(label) is null)
            ? Refusals.Misshapen(call.Route, ["No subschema in \"oneOf\" matched."])
            : call.Value("assignees") is { } assignees && assignees.EnumerateArray().FirstOrDefault(NotText) is { ValueKind: not JsonValueKind.Undefined } odd
                ? Refusals.Misshapen(call.Route, [$"For 'properties/assignees', {Ruby.Inspect(odd)} is not a string."])
                : null;

    /// <summary>The repository with those labels that it did not have, and the ids of all that were named; null where none were sent.</summary>
    public static (Repository Repository, ImmutableArray<long>? Ids) Labelled(GitHubState state, Repository repository, Call call)
    {
        if (call.Value("labels") is not { } labels)
        {
            return (repository, null);
        }

        var last = state.Last.Label;
        var ids = new List<long>();
        foreach (var name in labels.EnumerateArray().Select(NameOf).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var known = repository.Labels.FirstOrDefault(label => label.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (known is null)
            {
                known = new Label(++last, name, NewLabelColor);
                repository = repository with { Labels = repository.Labels.Add(known) };
            }

            ids.Add(known.Id);
        }

        return (repository, [.. ids]);
    }

    /// <summary>Who is assigned from now on; null where nothing was said about it.</summary>
    public static ImmutableArray<string>? Assigned(Call call, User user) =>
        Assignees(call) is { } logins ? logins.Any() ? [user.Login] : [] : null;

    private static IEnumerable<string>? Assignees(Call call) =>
        call.Value("assignees") is { } several ? several.EnumerateArray().Select(login => login.GetString()!) // LabelFault has seen texts.
        : call.Value("assignee") is not { } one ? null
        : one.GetString() is { Length: > 0 } login ? [login]
        : [];

    private static bool NotText(JsonElement element) => element.ValueKind != JsonValueKind.String;

    private static string? NameOf(JsonElement label) => label switch
    {
        { ValueKind: JsonValueKind.String } => label.GetString(),
        { ValueKind: JsonValueKind.Object } when label.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String => name.GetString(),
        _ => null,
    } is { Length: > 0 } given ? given : null;
}
