using System.Globalization;

namespace ControlPlane.GitHub.Http;

/// <summary>What the query of a list asks for, checked.</summary>
internal static class ListFilter
{
    /// <summary>The refusal of a value that is none of those declared, or null.</summary>
    public static Answer? Fault(Call call, string resource, params ReadOnlySpan<(string Name, string[] Members)> declared)
    {
        var errors = new List<FieldError>();
        foreach (var (name, members) in declared)
        {
            if (call.Query[name] is { } value && !members.Contains(value))
            {
                errors.Add(new FieldError(resource, "invalid", name));
            }
        }

        return errors.Count > 0 ? Refusals.Invalid(call.Route, [.. errors]) : null;
    }

    /// <summary>A time of a query; null where there is none or it is none.</summary>
    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
