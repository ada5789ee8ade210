using System.Text.Json.Nodes;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Leases;
using ControlPlane.Logins;
using ControlPlane.Sessions;
using ControlPlane.Users;
using ControlPlane.Workspaces;

namespace ControlPlane.Records;

/// <summary>Records as earlier releases stored them, as files: what they say is what is read. A file is added with a release, never changed.</summary>
public sealed class ReleasedRecordsTests
{
    private static readonly RecordJson Json = new();

    [Theory, MemberData(nameof(Releases))]
    public void A_session_is_read(string release) => IsRead<SessionState>(release, "session");

    [Theory, MemberData(nameof(Releases))]
    public void A_credential_is_read(string release) => IsRead<CredentialState>(release, "credential");

    [Theory, MemberData(nameof(Releases))]
    public void A_workspace_is_read(string release) => IsRead<WorkspaceState>(release, "workspace");

    [Theory, MemberData(nameof(Releases))]
    public void A_user_is_read(string release) => IsRead<UserState>(release, "user");

    [Theory, MemberData(nameof(Releases))]
    public void A_login_is_read(string release) => IsRead<LoginState>(release, "login");

    [Theory, MemberData(nameof(Releases))]
    public void A_gateway_is_read(string release) => IsRead<GatewayState>(release, "gateway");

    [Theory, MemberData(nameof(Releases))]
    public void Alarms_are_read(string release) => IsRead<AlarmState>(release, "alarms");

    [Theory, MemberData(nameof(Releases))]
    public void The_head_of_a_log_is_read(string release) => IsRead<LogHead>(release, "log-head");

    public static TheoryData<string> Releases => [.. Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path))];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Records", "Released");

    private static void IsRead<T>(string release, string name) where T : class
    {
        var text = File.ReadAllText(Path.Combine(Folder, release, $"{name}.json"));
        var record = Json.Deserialize<StoredRecord<T>>(new BinaryData(text));

        // Written again it says at least what the file says; a later release may say more.
        IsIn(JsonNode.Parse(text), JsonNode.Parse(Json.Serialize(record).ToString()), "$");
    }

    private static void IsIn(JsonNode? said, JsonNode? read, string at)
    {
        switch (said)
        {
            case JsonObject fields:
                Assert.All(fields, field => IsIn(field.Value, read?[field.Key], $"{at}.{field.Key}"));
                break;
            case JsonArray items:
                Assert.True(items.Count == (read as JsonArray)?.Count, $"{at}: {read}");
                Assert.All(items, (item, place) => IsIn(item, read![place], $"{at}[{place}]"));
                break;
            default:
                Assert.True(JsonNode.DeepEquals(said, read), $"{at}: {said} became {read}");
                break;
        }
    }
}
