namespace ControlPlane.Config;

/// <summary>Which of a person's several identities a call uses: <c>--profile</c>, else <c>ARCHAL_PROFILE</c>, else the one without a name.</summary>
internal static class Profile
{
    /// <summary>The profile that is meant when none is named; it may be named too.</summary>
    public const string Default = "default";

    private const int Longest = 64;

    /// <exception cref="CommandFailure">It cannot be a profile's name.</exception>
    public static string Choose(string? option)
    {
        var name = option ?? ArchalVariables.Read(ArchalVariables.Profile) ?? Default;
        return name.Length is > 0 and <= Longest && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? name
            : throw CommandFailure.WrongUse($"'{name}' is not a profile's name: at most {Longest} letters, digits, - and _.");
    }
}
