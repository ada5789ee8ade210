using System.Text.Json;

namespace ControlPlane.GitHub.Http;

/// <summary>One entry of <c>errors</c> in a 422.</summary>
/// <param name="Message">Goes with the code <c>custom</c>, and with some others that explain.</param>
/// <param name="Value">What was sent, where GitHub repeats it.</param>
/// <param name="ShowsNull">GitHub repeats null in its place.</param>
internal readonly record struct FieldError(
    string Resource, string Code, string Field, string? Message = null, string? Value = null, bool ShowsNull = false)
{
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (Value is not null || ShowsNull)
        {
            json.WriteString("value", Value);
        }

        json.WriteString("resource", Resource);
        json.WriteString("code", Code);
        json.WriteString("field", Field);
        if (Message is not null)
        {
            json.WriteString("message", Message);
        }

        json.WriteEndObject();
    }
}
