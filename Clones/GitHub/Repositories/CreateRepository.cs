using ControlPlane.GitHub.Http;

namespace ControlPlane.GitHub.Repositories;

/// <summary><c>POST /user/repos</c>.</summary>
internal static class CreateRepository
{
    private const string Failed = "Repository creation failed.";

    public static Answer Run(GitHubState state, Call call)
    {
        if (call.Fault(RepositoryFields.OfCreate) is { } fault)
        {
            return fault;
        }

        var name = RepositoryName.From(call.Text("name")!); // Its shape requires it.
        var license = call.Text("license_template") is { Length: > 0 } given ? given : null;
        FieldError[] errors = [.. RepositoryName.Faults(name, state), .. TemplateFaults(call.Text("gitignore_template"), license)];
        if (errors.Length > 0)
        {
            return Refusals.Invalid(call.Route, Failed, errors);
        }

        var begun = call.Flag("auto_init", false) || license is not null || call.Text("gitignore_template") is { Length: > 0 };
        var repository = RepositoryFields.Applied(
            new Repository
            {
                Id = state.Last.Repository + 1,
                Name = name,
                License = license,
                Branches = begun ? ["main"] : [],
                Labels = DefaultLabels.From(state.Last.Label),
                CreatedAt = call.Now,
                UpdatedAt = call.Now,
                PushedAt = call.Now,
            },
            call);
        var json = RepositoryJson.Full(RepositoryState.New(repository), state.User, call.Links, license: false);
        return Answer.Created(json, call.Links.Repository(state.User.Login, name)) with
        {
            Change = new GitHubChange { Repository = repository },
        };
    }

    private static IEnumerable<FieldError> TemplateFaults(string? gitignore, string? license)
    {
        if (gitignore is { Length: > 0 } && !GitignoreTemplates.Known.Contains(gitignore))
        {
            yield return new("Repository", "custom", "gitignore_template", $"{gitignore} is an unknown gitignore template.");
        }

        if (license is not null && !Licenses.IsKnown(license))
        {
            yield return new("Repository", "custom", "license_template", $"{license} is an unknown license template.");
        }
    }
}
