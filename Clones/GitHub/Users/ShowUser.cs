using ControlPlane.GitHub.Http;

namespace ControlPlane.GitHub.Users;

/// <summary><c>GET /user</c>: the seed's one user, with what only it may see.</summary>
internal static class ShowUser
{
    public static Answer Run(GitHubState state, Call call)
    {
        var user = state.User;
        var privates = state.Repositories.Values.Count(repository => repository.Facts.Private);
        return Answer.Ok(JsonBody.Of(json =>
        {
            json.WriteStartObject();
            UserJson.WriteMembers(json, user, call.Links, "private");
            json.WriteString("name", user.Name);
            json.WriteNull("company");
            json.WriteString("blog", "");
            json.WriteNull("location");
            json.WriteString("email", user.Email);
            json.WriteNull("hireable");
            json.WriteNull("bio");
            json.WriteNull("twitter_username");
            json.WriteString("notification_email", user.Email);
            json.WriteNumber("public_repos", state.Repositories.Count - privates);
            json.WriteNumber("public_gists", 0);
            json.WriteNumber("followers", 0);
            json.WriteNumber("following", 0);
            json.WriteTime("created_at", user.CreatedAt);
            json.WriteTime("updated_at", user.CreatedAt);
            json.WriteNumber("private_gists", 0);
            json.WriteNumber("total_private_repos", privates);
            json.WriteNumber("owned_private_repos", privates);
            json.WriteNumber("disk_usage", 0);
            json.WriteNumber("collaborators", 0);
            json.WriteBoolean("two_factor_authentication", true);
            json.WriteStartObject("plan");
            json.WriteString("name", "free");
            json.WriteNumber("space", 976562499);
            json.WriteNumber("collaborators", 0);
            json.WriteNumber("private_repos", 10000);
            json.WriteEndObject();
            json.WriteEndObject();
        })) with { LastModified = user.CreatedAt };
    }
}
