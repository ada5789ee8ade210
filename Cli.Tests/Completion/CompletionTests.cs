namespace ControlPlane.Completion;

/// <summary>What a shell offers when somebody presses Tab.</summary>
public sealed class CompletionTests : CliTest
{
    [Theory]
    [InlineData("archal clo", "clone")]
    [InlineData("archal clone st", "start status stop")]
    [InlineData("archal clone start --se", "--seed --seed-file")]
    [InlineData("archal config ", "path set show unset")]
    [InlineData("archal no-such-thing", "")]
    public async Task Bash_offers_what_fits(string typed, string expected)
    {
        const string Script = """
            set -eu
            export PATH="$1:$PATH"; source <(archal completion bash)
            COMP_LINE="$2" COMP_POINT=${#2} COMP_WORDS=($2); [[ "$2" != *" " ]] || COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _archal; printf '%s\n' ${COMPREPLY[@]+"${COMPREPLY[@]}"}
            """;
        using var shell = Archal.Start(["bash", "-c", Script, "bash", Path.GetDirectoryName(Archal.Path)!, typed], Variables);

        var offered = Checked(await shell.EndAsync()).Good().Lines.Where(word => char.IsAsciiLetterLower(word.TrimStart('-')[0]) && !IsEverywhere(word));

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), offered.Order(StringComparer.Ordinal));
        Assert.Empty(Server.Calls);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Every_shell_has_its_script(string shell) =>
        Assert.Contains("archal \"[suggest:", (await RunAsync("completion", shell)).Good().Output, StringComparison.Ordinal);

    private static bool IsEverywhere(string word) => word is "--help" or "--insecure" or "--profile" or "--verbose" or "--workspace" or "--version" or "-h" or "-?";
}
