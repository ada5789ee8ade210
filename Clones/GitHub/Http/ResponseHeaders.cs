using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.GitHub.Http;

/// <summary>The headers of each class of answer: success with a body, success without, not modified, everything else.</summary>
internal static class ResponseHeaders
{
    private const string LongVary = "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With";
    private const string ShortVary = "Accept-Encoding, Accept, X-Requested-With";

    private const string Scopes =
        "admin:gpg_key, admin:org, admin:org_hook, admin:public_key, admin:repo_hook, delete_repo, gist, notifications, repo, user, workflow";

    public static void Write(
        IHeaderDictionary headers, Answer answer, Route? route, MediaType media, Credential credential, RateReading rate, DateTimeOffset now)
    {
        WriteFixed(headers);
        headers["X-GitHub-Request-Id"] = RequestId(now);
        headers["X-GitHub-Api-Version-Selected"] = ApiVersion.Only;
        WriteRate(headers, rate);
        var notModified = answer.Status == StatusCodes.Status304NotModified;
        var cached = notModified || answer.Status is 200 or 201;
        headers.Vary = cached ? LongVary : ShortVary;
        headers.CacheControl = cached ? "private, max-age=60, s-maxage=60" : default;
        if (!notModified)
        {
            headers["X-GitHub-Media-Type"] = media.Echo;
            WriteAccepted(headers, route, credential);
        }

        if (answer.Location is { } location)
        {
            headers.Location = location;
        }

        if (answer.RetryAfterSeconds is { } seconds)
        {
            headers.RetryAfter = Digits(seconds);
        }

        if (answer.Link is { } link)
        {
            headers.Link = link;
        }

        if (answer.LastModified is { } modified)
        {
            headers.LastModified = modified.ToString("R", CultureInfo.InvariantCulture);
        }
    }

    private static void WriteFixed(IHeaderDictionary headers)
    {
        headers.Server = "github.com";
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders =
            "ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Used, X-RateLimit-Resource, "
            + "X-RateLimit-Reset, X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Poll-Interval, X-GitHub-Media-Type, X-GitHub-SSO, "
            + "X-GitHub-Request-Id, Deprecation, Sunset";
        headers.StrictTransportSecurity = "max-age=31536000; includeSubdomains; preload";
        headers.XFrameOptions = "deny";
        headers.XContentTypeOptions = "nosniff";
        headers.XXSSProtection = "0";
        headers["Referrer-Policy"] = "origin-when-cross-origin, strict-origin-when-cross-origin";
        headers.ContentSecurityPolicy = "default-src 'none'";
    }

    private static void WriteRate(IHeaderDictionary headers, RateReading rate)
    {
        headers["X-RateLimit-Limit"] = Digits(rate.Limit);
        headers["X-RateLimit-Remaining"] = Digits(rate.Limit - rate.Used);
        headers["X-RateLimit-Reset"] = Digits(rate.Reset);
        headers["X-RateLimit-Used"] = Digits(rate.Used);
        headers["X-RateLimit-Resource"] = rate.Resource;
    }

    private static void WriteAccepted(IHeaderDictionary headers, Route? route, Credential credential)
    {
        switch (credential)
        {
            case Credential.Classic:
                headers["X-OAuth-Scopes"] = Scopes;
                headers["X-Accepted-OAuth-Scopes"] = route?.Scopes ?? "";
                break;
            case Credential.FineGrained when route is not null:
                headers["X-Accepted-GitHub-Permissions"] = route.Permissions;
                break;
            default:
                break;
        }
    }

    private static string RequestId(DateTimeOffset now)
    {
        Span<byte> random = stackalloc byte[12];
        RandomNumberGenerator.Fill(random);
        var hex = Convert.ToHexString(random);
        return $"{hex[..4]}:{hex[4..10]}:{hex[10..17]}:{hex[17..24]}:{now.ToUnixTimeSeconds():X8}";
    }

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);
}
