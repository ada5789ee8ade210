using System.Text;

namespace ControlPlane.BadInput;

/// <param name="What">What is wrong with it, for whoever reads a failure.</param>
/// <param name="Bytes">One for a character.</param>
internal sealed record BadRequest(Described Operation, string What, string Bytes)
{
    public override string ToString() => $"{Operation.Method} {Operation.Path} with {(What.Length > 200 ? $"{What[..200]}… ({What.Length})" : What)}";
}

/// <summary>The requests of one operation that are wrong in one place, and good in every other.</summary>
/// <param name="good">A value for a path's parameter that is somebody's.</param>
internal sealed class BadRequests(BadBodies bodies, string token, Func<string, string> good, Random random)
{
    private static readonly string[] NoIds =
    [
        "%00", "a%00b", "%FF", "%C3%28", "%ED%A0%80", "%", "%G1", "..%2f..%2f", "%2e%2e", "a%5cb", "%0d%0aSet-Cookie:%20a=b", "%20", "-1", "99999999999999999999",
        "%F0%9F%92%A9", "'%3B--", "%25%32%65", "null", "{x}", "<script>", "\xff",
    ];

    private static readonly string[] NoHeads =
    [
        "Content-Length: -1", "Content-Length: 99999999999999999999", "Content-Length: 1\r\nContent-Length: 2", "Content-Length: a", "Transfer-Encoding: nonsense",
        "Host: evil.example", "Host: a b", "x\0y: z", "no colon", " : ", "x: \0", ": x", "Host: \xff",
    ];

    private static readonly string[] NoTokens = ["Bearer", "Bearer ", "Bearer \xff", "Basic dTpw", "Bearer a, Bearer b", "Bearer arc_x", "Bearer  a b"];

    private static readonly string[] NoWorkspaces = ["", "\xff", "ws-nobodys", "a,b", "../..", "0"];

    public IEnumerable<BadRequest> Of(Described operation)
    {
        var path = operation.PathNames.Aggregate(operation.Path, (filled, name) => filled.Replace($"{{{name}}}", good(name), StringComparison.Ordinal));
        return Heads(operation, path).Concat(Paths(operation)).Concat(Queries(operation, path)).Concat(Bodies(operation, path));
    }

    private IEnumerable<BadRequest> Heads(Described operation, string path)
    {
        foreach (var wrong in NoHeads.Append($"x-large: {new string('h', 64 * 1024)}").Append(string.Join("\r\n", Enumerable.Range(0, random.Next(101, 1_000)).Select(number => $"x{number}: 1"))))
        {
            var host = wrong.StartsWith("Host:", StringComparison.Ordinal) ? "" : "Host: localhost\r\n";
            yield return new BadRequest(operation, wrong, $"{operation.Method} {path} HTTP/1.1\r\n{host}Authorization: Bearer {token}\r\n{wrong}\r\n\r\n");
        }

        yield return new BadRequest(operation, "two hosts", $"{operation.Method} {path} HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n");
        yield return new BadRequest(operation, "no host", $"{operation.Method} {path} HTTP/1.1\r\n\r\n");
        yield return new BadRequest(operation, "no version", $"{operation.Method} {path}\r\n\r\n");
        yield return new BadRequest(operation, "another version", $"{operation.Method} {path} HTTP/7.7\r\nHost: localhost\r\n\r\n");
        yield return new BadRequest(operation, "no such method", $"{new string('M', random.Next(1, 100))} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        foreach (var wrong in operation.NeedsToken ? NoTokens : [])
        {
            yield return new BadRequest(operation, $"Authorization: {wrong}", $"{operation.Method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {wrong}\r\n\r\n");
        }

        foreach (var name in operation.Headers)
        {
            var wrongs = name == "Idempotency-Key" ? ["", "\xff", "a\xffb", "a\tb", new string('k', 201), $"a\r\n{name}: b"] : NoWorkspaces.Append(new string('w', 65));
            foreach (var wrong in wrongs)
            {
                yield return Whole(operation, path, "application/json", "{}", $"{name}: {wrong}");
            }
        }
    }

    private IEnumerable<BadRequest> Paths(Described operation)
    {
        foreach (var wrongName in operation.PathNames)
        {
            foreach (var wrong in NoIds.Append(new string('i', random.Next(65, 7_000))))
            {
                var path = operation.PathNames.Aggregate(
                    operation.Path, (filled, name) => filled.Replace($"{{{name}}}", name == wrongName ? wrong : good(name), StringComparison.Ordinal));
                yield return Whole(operation, path, "application/json", operation.Bodies.Count == 0 ? "" : "{}");
            }
        }
    }

    private IEnumerable<BadRequest> Queries(Described operation, string path)
    {
        foreach (var name in operation.Queries)
        {
            foreach (var query in (string[])[$"{name}=", $"{name}", $"{name}=a&{name}=b", $"{name}=%00", $"{name}={new string('q', random.Next(3_000, 7_000))}"])
            {
                yield return Whole(operation, $"{path}?{query}", "application/json", "");
            }
        }
    }

    private IEnumerable<BadRequest> Bodies(Described operation, string path)
    {
        foreach (var (media, schema) in operation.Bodies)
        {
            var isForm = media != "application/json";
            foreach (var body in isForm ? bodies.Forms(schema) : bodies.Json(schema, operation.BodyRequired))
            {
                yield return Whole(operation, path, media, body);
            }

            yield return Whole(operation, path, media, new string('a', 10 * 1024 * 1024), "Transfer-Encoding: chunked");
            yield return new BadRequest(operation, "chunks that are none", Head(operation, path, media, "Transfer-Encoding: chunked") + "\r\nzz\r\n{}\r\n0\r\n\r\n");
        }

        if (operation.Bodies.Count > 0)
        {
            yield return Whole(operation, path, "text/plain", "{}");
            yield return Whole(operation, path, "multipart/form-data; boundary=x", "--x--");
        }
    }

    private BadRequest Whole(Described operation, string path, string media, string body, string? header = null) => header == "Transfer-Encoding: chunked"
        ? new BadRequest(operation, $"{body.Length} bytes in chunks", $"{Head(operation, path, media, header)}\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n")
        : new BadRequest(
            operation, header ?? $"{(path.Length > 200 ? path[..200] : path)} {body}",
            $"{Head(operation, path, media, header)}{(operation.Bodies.Count == 0 ? "" : $"Content-Length: {body.Length}\r\n")}\r\n{(operation.Bodies.Count == 0 ? "" : body)}");

    private string Head(Described operation, string path, string media, string? header)
    {
        var head = new StringBuilder($"{operation.Method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n");
        if (operation.Bodies.Count > 0)
        {
            head.Append("Content-Type: ").Append(media).Append("\r\n");
        }

        return (header is null ? head : head.Append(header).Append("\r\n")).ToString();
    }
}
