using ControlPlane.GitHub.Http;

namespace ControlPlane.GitHub.Repositories;

/// <summary>What GitHub makes of a name, and what it refuses.</summary>
internal static class RepositoryName
{
    private const int Longest = 100;

    /// <summary>Every run of characters that a name cannot have becomes one hyphen.</summary>
    public static string From(string given)
    {
        var name = new System.Text.StringBuilder();
        var replaced = false;
        foreach (var letter in given)
        {
            var plain = char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-';
            if (plain || !replaced)
            {
                name.Append(plain ? letter : '-');
            }

            replaced = !plain;
        }

        return name.ToString();
    }

    /// <summary>Why the name cannot be had; nothing when it can.</summary>
    /// <param name="before">The name of the repository that is to have it, which may keep it in another spelling.</param>
    public static FieldError[] Faults(string name, GitHubState state, string? before = null)
    {
        const string Resource = "Repository";
        return name.Length == 0
            ?
            [
                new(Resource, "missing_field", "name"),
                new(Resource, "custom", "name", "name is too short (minimum is 1 character)"),
            ]
            : name.Length > Longest ? [new(Resource, "custom", "name", $"name is too long (maximum is {Longest} characters)")]
            : name is "." or ".." ? [new(Resource, "custom", "name", "name is reserved")]
            : state.IsTaken(name) && !name.Equals(before, StringComparison.OrdinalIgnoreCase)
                ? [new(Resource, "custom", "name", "name already exists on this account")]
                : [];
    }
}
