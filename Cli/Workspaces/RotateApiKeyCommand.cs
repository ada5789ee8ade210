using System.CommandLine;
using System.Globalization;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Workspaces;

/// <summary>Gives a key another secret. In text it alone is standard output, as when a key is made.</summary>
internal sealed class RotateApiKeyCommand : ArchalCommand
{
    private readonly Argument<string> _key = new("key-id") { Description = "The key's id, as 'archal workspace api-keys' shows it." };

    private readonly Option<string?> _grace = new("--grace")
    {
        Description = "How long the secret before works still, such as 90s, 15m, 1h, 7d; 0 ends it at once. Default: 1h.",
        HelpName = "time",
    };

    public RotateApiKeyCommand(TimeProvider time)
        : base(
            "rotate",
            "Give a key another secret. It is shown once, here; the one before works until the grace ends.",
            time,
            "archal workspace api-key rotate 7f3kq0c2m9ab",
            "archal workspace api-key rotate 7f3kq0c2m9ab --grace 0")
    {
        Arguments.Add(_key);
        Options.Add(_grace);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var id = invocation.Parsed.GetRequiredValue(_key);
        var request = new RotateApiKeyRequest { GraceSeconds = invocation.Parsed.GetValue(_grace) is { } text ? Seconds(text) : null };
        var workspace = await ApiKeyPaths.WorkspaceAsync(invocation, cancellationToken);
        var key = await invocation.Server.PostAsync(
            $"{ApiKeyPaths.One(workspace, id)}/rotate",
            request,
            ContractsJson.Default.RotateApiKeyRequest,
            ContractsJson.Default.ApiKey,
            cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(key, ContractsJson.Default.ApiKey);
            return ExitCodes.Good;
        }

        var left = request.GraceSeconds switch
        {
            0 => "is dead",
            { } seconds => $"works for {Durations.Text(TimeSpan.FromSeconds(seconds))}",
            null => "works for 1 h",
        };
        Screen.WriteSecret(
            key.Secret,
            $"The server rotated key {key.Id} but did not tell its secret. Rotate it again.",
            $"Key {key.Id} ({key.Label}) has another secret, which is not shown again. The one before {left}.");
        return ExitCodes.Good;
    }

    /// <summary>A number, and a unit unless it is seconds.</summary>
    private static int Seconds(string text)
    {
        var unit = text is [.., var last] && !char.IsAsciiDigit(last) ? last : 's';
        var factor = unit switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        return factor > 0 && int.TryParse(text.TrimEnd(unit), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= int.MaxValue / factor
            ? number * factor
            : throw CommandFailure.WrongUse("--grace is a number and s, m, h or d, such as 1h.");
    }
}
