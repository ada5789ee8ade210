using System.Text.Json;
using ControlPlane.Errors;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Workers;

/// <summary>An answer in the platform's own words, where no clone's apply.</summary>
internal static class Envelope
{
    public static Task WriteAsync(HttpContext http, int status, string code, string message)
    {
        http.Response.StatusCode = status;
        return WriteAsync(http, JsonSerializer.SerializeToUtf8Bytes(new ErrorEnvelope(message, code, message), ContractsJson.Default.ErrorEnvelope));
    }

    public static async Task WriteAsync(HttpContext http, byte[] json)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
    }
}
