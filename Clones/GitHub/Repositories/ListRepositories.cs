using ControlPlane.GitHub.Http;

namespace ControlPlane.GitHub.Repositories;

/// <summary><c>GET /user/repos</c>. Every repository of a clone is owned by its one user.</summary>
internal static class ListRepositories
{
    public static Answer Run(GitHubState state, Call call)
    {
        var query = call.Query;
        if (query["type"] is not null && (query["visibility"] ?? query["affiliation"]) is not null)
        {
            return Refusals.Unprocessable(call.Route, "If you specify visibility or affiliation, you cannot specify type.");
        }

        if (ListFilter.Fault(call, "Repository",
            ("visibility", ["all", "public", "private"]),
            ("type", ["all", "owner", "public", "private", "member"]),
            ("sort", ["created", "updated", "pushed", "full_name"]),
            ("direction", ["asc", "desc"])) is { } fault)
        {
            return fault;
        }

        var found = Sorted(state.Repositories.Values.Where(repository => IsAskedFor(repository.Facts, query)), query);
        var page = Page.Of(query);
        return Answer.Ok(JsonBody.Of(json =>
        {
            json.WriteStartArray();
            foreach (var repository in page.From(found))
            {
                RepositoryJson.WriteInList(json, repository, state.User, call.Links);
            }

            json.WriteEndArray();
        })) with { Link = page.LinkHeader(found.Count, call.Links.Api + "/user/repos", query) };
    }

    private static bool IsAskedFor(Repository repository, Query query) =>
        (query["visibility"] ?? query["type"]) switch
        {
            "public" => !repository.Private,
            "private" => repository.Private,
            "member" => false,
            _ => true,
        }
        && (query["affiliation"] is not { } affiliation || affiliation.Split(',').Contains("owner"))
        && repository.UpdatedAt >= (ListFilter.Time(query["since"]) ?? DateTimeOffset.MinValue)
        && repository.UpdatedAt < (ListFilter.Time(query["before"]) ?? DateTimeOffset.MaxValue);

    private static List<RepositoryState> Sorted(IEnumerable<RepositoryState> repositories, Query query)
    {
        var sort = query["sort"] ?? "full_name";
        var ascending = query["direction"] is { } direction ? direction == "asc" : sort == "full_name";
        var found = sort switch
        {
            "created" => repositories.OrderBy(repository => repository.Facts.CreatedAt).ThenBy(repository => repository.Facts.Id),
            "updated" => repositories.OrderBy(repository => repository.Facts.UpdatedAt).ThenBy(repository => repository.Facts.Id),
            "pushed" => repositories.OrderBy(repository => repository.Facts.PushedAt).ThenBy(repository => repository.Facts.Id),
            _ => repositories.OrderBy(repository => repository.Facts.Name, StringComparer.OrdinalIgnoreCase),
        };
        return ascending ? [.. found] : [.. found.Reverse()];
    }
}
