namespace ControlPlane.Running;

/// <summary>One running program for the tests of a class. They start more sessions in a minute than one workspace may.</summary>
public abstract class RunningProgram(params string[] settings) : IAsyncLifetime
{
    private StandaloneProcess? _program;

    public StandaloneProcess Program => _program ?? throw new InvalidOperationException("It is started before the first test.");

    public async Task InitializeAsync() =>
        _program = await StandaloneProcess.StartAsync(null, ["--Workspaces:SessionsPerMinute=100000", .. settings]);

    public async Task DisposeAsync() => await Program.DisposeAsync();
}

/// <summary>As it is by default.</summary>
public sealed class SharedProgram() : RunningProgram();

/// <summary>Asking the owners for each request.</summary>
public sealed class AskingProgram() : RunningProgram("--Leases:Reuse=false");
