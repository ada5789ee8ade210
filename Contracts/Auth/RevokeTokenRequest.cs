using System.Text.Json.Serialization;

namespace ControlPlane.Auth;

/// <summary>The body of <c>POST /auth/revoke</c>; a form with the same fields, as RFC 7009 has it, does as well.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RevokeTokenRequest
{
    /// <summary>The whole token that is to end.</summary>
    public string? Token { get; init; }

    /// <summary>A field of RFC 7009 that means nothing here: a token says what it is.</summary>
    [JsonPropertyName("token_type_hint")]
    public string? TokenTypeHint { get; init; }

    /// <summary>Without the token, so that no log has it.</summary>
    public override string ToString() => nameof(RevokeTokenRequest);
}
