namespace ControlPlane.Auth;

/// <summary>Secrets that are read where no process list shows them.</summary>
internal static class StandardInput
{
    // Far above any token or code: what is piped in by mistake is not read to its end.
    private const int Longest = 4096;

    /// <summary>What is piped in; at a terminal what is typed there, which is not shown.</summary>
    public static string ReadSecret(string question)
    {
        if (!Console.IsInputRedirected)
        {
            return HiddenPrompt.Ask(question);
        }

        var buffer = new char[Longest];
        return new string(buffer, 0, Console.In.ReadBlock(buffer));
    }
}
