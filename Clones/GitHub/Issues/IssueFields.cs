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

    /// <summary>The refusal of a label that is no text and no object with a name, or of an assignee that is no text.</summary>
    public static Answer? ItemFault(Call call)
    {
        var faults = new List<string>();
        if (Items(call, "labels").Any(label => NameOf(label) is null))
        {
            faults.Add("No subschema in \"oneOf\" matched.");
        }

        faults.AddRange(Items(call, "assignees")
            .Where(login => login.ValueKind != JsonValueKind.String)
            .Select(login => $"For 'properties/assignees', {Ruby.Inspect(login)} is not a string."));
        return faults.Count > 0 ? Refusals.Misshapen(call.Route, faults) : null;
    }

    /// <summary>The repository with those labels that it did not have, and the ids of all that were named; null where none was.</summary>
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
            var known = repository.LabelNamed(name);
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
        call.Value("assignees") is { } several ? several.EnumerateArray().Select(login => login.GetString()!) // ItemFault has seen texts.
        : call.Value("assignee") is not { } one ? null
        : one.GetString() is { Length: > 0 } login ? [login]
        : [];

    private static JsonElement.ArrayEnumerator Items(Call call, string name) => call.Value(name)?.EnumerateArray() ?? default;

    private static string? NameOf(JsonElement label) => label switch
    {
        { ValueKind: JsonValueKind.String } => label.GetString(),
        { ValueKind: JsonValueKind.Object } when label.TryGetProperty("name", out var name) => NameOf(name),
        _ => null,
    } is { Length: > 0 } given ? given : null;
}
