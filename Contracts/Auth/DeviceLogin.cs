using System.Text.Json.Serialization;

namespace ControlPlane.Auth;

/// <summary>The body of <c>POST /auth/device</c>, which may be absent. As a form it has the same names.</summary>
public sealed record DeviceLoginRequest
{
    /// <summary>What the device calls itself, as whoever approves reads it; at most 100 characters.</summary>
    [JsonPropertyName("client_name")]
    public string? ClientName { get; init; }

    /// <summary>RFC 8628's name of the client; shown when there is no <c>client_name</c>.</summary>
    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }
}

/// <summary>The answer: what the device shows, and what it asks with.</summary>
public sealed record DeviceLoginStarted
{
    [JsonPropertyName("device_code")]
    public required string DeviceCode { get; init; }

    /// <summary>Eight letters, as <c>XXXX-XXXX</c>.</summary>
    [JsonPropertyName("user_code")]
    public required string UserCode { get; init; }

    [JsonPropertyName("verification_uri")]
    public required string VerificationUri { get; init; }

    [JsonPropertyName("verification_uri_complete")]
    public required string VerificationUriComplete { get; init; }

    /// <summary>Seconds until both codes end.</summary>
    [JsonPropertyName("expires_in")]
    public required int ExpiresIn { get; init; }

    /// <summary>Seconds to wait between two questions.</summary>
    [JsonPropertyName("interval")]
    public required int Interval { get; init; }
}

/// <summary>The body of <c>POST /auth/device/token</c>. With <c>grant_type</c>, or as a form, the answer is RFC 8628's.</summary>
public sealed record DeviceTokenRequest
{
    public const string GrantOfDeviceCode = "urn:ietf:params:oauth:grant-type:device_code";

    [JsonPropertyName("device_code")]
    public string? DeviceCode { get; init; }

    [JsonPropertyName("grant_type")]
    public string? GrantType { get; init; }
}

/// <summary>The answer once somebody has let the device in. It is given once.</summary>
public sealed record DeviceToken
{
    [JsonPropertyName("token")]
    public required string Token { get; init; }

    /// <summary>The same token, under the name of RFC 6749.</summary>
    [JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    [JsonPropertyName("token_type")]
    public required string TokenType { get; init; }

    /// <summary>Seconds until the token ends.</summary>
    [JsonPropertyName("expires_in")]
    public required long ExpiresIn { get; init; }

    /// <summary>The workspace that the token acts in unless told otherwise.</summary>
    [JsonPropertyName("workspace")]
    public required string Workspace { get; init; }
}

/// <summary>A refusal in the shape of RFC 6749: <c>authorization_pending</c>, <c>slow_down</c>, <c>expired_token</c>, <c>access_denied</c> and others.</summary>
public sealed record DeviceTokenRefusal(
    [property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string Description);

/// <summary>The body of <c>POST /auth/device/approval</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DeviceApprovalRequest
{
    [JsonPropertyName("user_code")]
    public string? UserCode { get; init; }

    /// <summary><c>approve</c> or <c>deny</c>; absent: only say who asks.</summary>
    [JsonPropertyName("decision")]
    public string? Decision { get; init; }
}

/// <summary>Who asks to be let in, and what has become of it.</summary>
public sealed record DeviceApproval
{
    /// <summary><c>pending</c>, <c>approved</c> or <c>denied</c>.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    [JsonPropertyName("user_code")]
    public required string UserCode { get; init; }

    /// <summary>What the device calls itself; absent: it did not say. Anybody can call a device anything.</summary>
    [JsonPropertyName("client_name")]
    public string? ClientName { get; init; }

    /// <summary>The address that asked.</summary>
    [JsonPropertyName("address")]
    public string? Address { get; init; }

    /// <summary>Seconds until the code ends; absent when it is decided.</summary>
    [JsonPropertyName("expires_in")]
    public int? ExpiresIn { get; init; }

    /// <summary>The workspace that the device is let into.</summary>
    [JsonPropertyName("workspace")]
    public required string Workspace { get; init; }
}
