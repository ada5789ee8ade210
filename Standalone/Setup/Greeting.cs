namespace ControlPlane.Setup;

/// <summary>What whoever starts it at a terminal reads first: where it is, and a first call that works when pasted.</summary>
internal static class Greeting
{
    /// <param name="url">Under which callers reach it.</param>
    /// <param name="data">The data directory, in which the owner's token is.</param>
    public static void Write(TextWriter output, string url, string data)
    {
        var token = Path.Combine(data, "owner.token");
        var quoted = token.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_')
            ? token
            : $"'{token.Replace("'", @"'\''", StringComparison.Ordinal)}'";
        output.WriteLine($"""
            The session control plane is running on {url}
              data     {data} (your token is in {token})
              API      {url}/api, described at {url}/openapi/v1.json
              clones   {url}/runtime/<session>/<clone>/api/...

            Start a session with a GitHub clone:
              curl -s {url}/api/sessions -H "Authorization: Bearer $(cat {quoted})" -H "Content-Type: application/json" -d '{"{\"clones\":[\"github\"]}"}'

            Ctrl-C stops it.
            """);
    }
}
