using System.CommandLine;
using ControlPlane.Commands;

namespace ControlPlane.Completion;

/// <summary>Prints what makes a shell complete this program's words. The shell asks the program itself, so that a script never grows old.</summary>
internal sealed class CompletionCommand : ArchalCommand
{
    private const string Bash = """
        _archal() {
          local line="${COMP_LINE:0:COMP_POINT}" word
          COMPREPLY=()
          while IFS= read -r word; do
            case "$word" in "${COMP_WORDS[COMP_CWORD]}"*) COMPREPLY+=("$word") ;; esac
          done < <(archal "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o default -F _archal archal
        """;

    private const string Zsh = """
        #compdef archal
        _archal() {
          local line="${BUFFER[1,CURSOR]}"
          local -a words
          words=("${(@f)$(archal "[suggest:${#line}]" "$line" 2>/dev/null)}")
          [[ -n "$words" ]] && compadd -- $words || _files
        }
        compdef _archal archal
        """;

    private const string Fish = """
        function __archal_words
            set -l line (commandline -cp)
            archal "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c archal -a "(__archal_words)"
        """;

    private readonly Argument<string> _shell = new("shell") { Description = "bash, zsh or fish." };

    public CompletionCommand(TimeProvider time)
        : base(
            "completion",
            "Print a script that lets a shell complete the words of this program.",
            time,
            "source <(archal completion bash)      (in ~/.bashrc; zsh alike)",
            "archal completion fish > ~/.config/fish/completions/archal.fish")
    {
        _shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Arguments.Add(_shell);
    }

    protected override Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        // A script has lines of its own.
        Console.Out.WriteLine(invocation.Parsed.GetRequiredValue(_shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        });
        return Task.FromResult(ExitCodes.Good);
    }
}
