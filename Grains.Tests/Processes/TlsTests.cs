using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ControlPlane.Running;

namespace ControlPlane.Processes;

/// <summary>A cluster whose gateways serve HTTPS with a certificate of its own making.</summary>
public sealed class TlsCluster() : RunningCluster("https", 8321, "up --tls");

/// <summary>The same through TLS, in HTTP/1.1 and HTTP/2.</summary>
public sealed class TlsTests(TlsCluster cluster) : IClassFixture<TlsCluster>
{
    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_session_is_started_reached_and_its_key_revoked(string version)
    {
        using var client = cluster.Client(new SocketsHttpHandler());
        (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (Version.Parse(version), HttpVersionPolicy.RequestVersionExact);
        var (session, key) = (await cluster.SessionAsync(cluster.One), await cluster.KeyAsync(cluster.Other));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(client, cluster.One, session, key.Secret));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(client, cluster.Other, session, key.Secret));

        Assert.Contains("acknowledged=2", await cluster.RevokeAsync(cluster.One, key.Id), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(client, cluster.One, session, key.Secret));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(client, cluster.Other, session, key.Secret));
    }

    [Fact]
    public async Task Curl_that_trusts_the_certificate_reaches_both_forms_in_HTTP_2()
    {
        var (session, key) = (await cluster.SessionAsync(cluster.One), await cluster.KeyAsync(cluster.One));
        foreach (var url in new[]
        {
            $"{cluster.One}runtime/{session}/github/api/user", $"https://{session}.clones.localhost:{cluster.Other.Port}/github/api/user",
        })
        {
            var said = await Tool.RunAsync(
                "curl",
                ["-sS", "--http2", "--cacert", Path.Combine(cluster.Folder, "tls", "certificate.pem"), "-o", "/dev/null", "-w", "%{http_version} %{http_code}",
                    "-H", $"x-route-authorization: Bearer {key.Secret}", "-H", "authorization: Bearer any", url],
                new Dictionary<string, string> { ["NO_PROXY"] = "*" });
            Assert.Equal("2 200", said);
        }
    }

    [Fact]
    public async Task Urls_in_answers_say_https()
    {
        using var client = cluster.Client(new SocketsHttpHandler());
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cluster.Token);
        using var made = await client.PostAsJsonAsync(new Uri(cluster.One, "/api/sessions"), new { clones = new[] { "github" } });

        Assert.Contains($"\"github\":\"{cluster.One}runtime/", await made.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> CallAsync(HttpClient client, Uri gateway, string session, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, $"/runtime/{session}/github/api/user"))
        {
            Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy,
        };
        request.Headers.Add("x-route-authorization", $"Bearer {secret}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "any");
        using var answer = await client.SendAsync(request);
        Assert.Equal(client.DefaultRequestVersion, answer.Version);
        return answer.StatusCode;
    }
}
