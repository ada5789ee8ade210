using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ControlPlane.Files;

namespace ControlPlane.Sessions;

/// <summary>One order, as it was last started from this home folder.</summary>
/// <param name="Order">What was ordered, where and by whom, as a digest.</param>
/// <param name="Key">The <c>Idempotency-Key</c> that it is sent with.</param>
/// <param name="SessionId">What it made; null while no answer has come.</param>
internal sealed record StoredStart(string Order, string Key, string? SessionId = null)
{
    /// <summary>The same order for another session.</summary>
    public StoredStart Anew() => new(Order, $"archal-start-{Guid.NewGuid():n}");
}

/// <summary>The file's whole content.</summary>
/// <param name="Salt">Of this home folder alone, so that no two folders mean the same session by the same order.</param>
internal sealed record StoredStarts(string Salt, IReadOnlyList<StoredStart> Starts);

/// <summary>
/// What was started from this home folder. The key of an order's first session follows from the order, so also two calls at once, neither of
/// which finds anything here, have one session.
/// </summary>
internal sealed class EarlierStarts(ArchalHome home)
{
    private const string FileName = "starts.json";

    /// <summary>The oldest go first; an order that is forgotten is at worst started anew.</summary>
    private const int Most = 100;

    /// <summary>What the order was last started as; one that never was is as it is to be started.</summary>
    /// <param name="caller">The token, of which nothing is kept: another caller's session is another session.</param>
    public StoredStart Find(Uri server, string? workspace, string caller, CreateSessionRequest request)
    {
        var stored = Read();
        var body = JsonSerializer.Serialize(request, ContractsJson.Default.CreateSessionRequest);
        var text = string.Join('\n', stored.Salt, server, workspace, caller, body);
        var order = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return stored.Starts.FirstOrDefault(start => start.Order == order) ?? new StoredStart(order, $"archal-start-{order}");
    }

    public void Remember(StoredStart start)
    {
        var stored = Read();
        var others = stored.Starts.Where(other => other.Order != start.Order).TakeLast(Most - 1);
        Write(stored with { Starts = [.. others, start] });
    }

    // A file that makes no sense is as good as none.
    private StoredStarts Read()
    {
        try
        {
            if (home.Read(FileName) is { } content
                && JsonSerializer.Deserialize(content, CliJson.Default.StoredStarts) is { Salt.Length: > 0, Starts: not null } stored)
            {
                return stored;
            }
        }
        catch (JsonException)
        {
            // See above.
        }

        var none = new StoredStarts(Guid.NewGuid().ToString("n"), []);
        Write(none);
        return none;
    }

    private void Write(StoredStarts stored) => home.Write(FileName, JsonSerializer.SerializeToUtf8Bytes(stored, CliJson.Default.StoredStarts));
}
