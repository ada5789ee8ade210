namespace ControlPlane.GitHub.Http;

/// <summary>What to answer, before the headers that every answer of its class has.</summary>
/// <param name="Json">The body; null for none.</param>
internal sealed record Answer(int Status, byte[]? Json = null)
{
    public string? Location { get; init; }

    /// <summary>The pages beside this one.</summary>
    public string? Link { get; init; }

    /// <summary>When the one thing that is shown last changed.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>When it may be tried again; null where that is not said.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>What must be durable before this may be sent.</summary>
    public GitHubChange? Change { get; init; }

    public static Answer Ok(byte[] json) => new(200, json);

    public static Answer Created(byte[] json, string location) => new(201, json) { Location = location };

    public static readonly Answer NoContent = new(204);
}
