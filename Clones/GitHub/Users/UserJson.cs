using System.Text.Json;
using ControlPlane.GitHub.Http;

namespace ControlPlane.GitHub.Users;

/// <summary>A user as others show it, and as it sees itself.</summary>
internal static class UserJson
{
    public static void Write(Utf8JsonWriter json, string name, User? user, Links links)
    {
        if (user is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WritePropertyName(name);
        Write(json, user, links);
    }

    public static void Write(Utf8JsonWriter json, User user, Links links)
    {
        json.WriteStartObject();
        WriteMembers(json, user, links, "public");
        json.WriteEndObject();
    }

    public static void WriteMembers(Utf8JsonWriter json, User user, Links links, string view)
    {
        var url = links.User(user.Login);
        json.WriteString("login", user.Login);
        json.WriteNumber("id", user.Id);
        json.WriteString("node_id", user.NodeId);
        json.WriteString("avatar_url", $"{links.Web}/avatars/u/{user.Id}?v=4");
        json.WriteString("gravatar_id", "");
        json.WriteString("url", url);
        json.WriteString("html_url", $"{links.Web}/{user.Login}");
        json.WriteString("followers_url", url + "/followers");
        json.WriteString("following_url", url + "/following{/other_user}");
        json.WriteString("gists_url", url + "/gists{/gist_id}");
        json.WriteString("starred_url", url + "/starred{/owner}{/repo}");
        json.WriteString("subscriptions_url", url + "/subscriptions");
        json.WriteString("organizations_url", url + "/orgs");
        json.WriteString("repos_url", url + "/repos");
        json.WriteString("events_url", url + "/events{/privacy}");
        json.WriteString("received_events_url", url + "/received_events");
        json.WriteString("type", "User");
        json.WriteString("user_view_type", view);
        json.WriteBoolean("site_admin", false);
    }
}
