using System.Net;
using System.Runtime.Versioning;
using ControlPlane.CommandLine;
using ControlPlane.Running;

namespace ControlPlane.Operations;

/// <summary>Backups of the running program by the built command line, and what is there after a restore.</summary>
[SupportedOSPlatform("linux")]
public sealed class BackupTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string File => Path.Combine(_folder.Path, "backup.db");

    private string Data => Path.Combine(_folder.Path, "data");

    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "ControlPlane.Standalone");

    [Fact]
    public async Task A_backup_taken_while_requests_run_has_all_that_was_acknowledged_before()
    {
        await using var program = await StandaloneProcess.StartAsync(null, "--Workspaces:SessionsPerMinute=100000");
        var key = await program.CreateKeyAsync();
        using var stop = new CancellationTokenSource();
        var before = new List<string>();
        var writing = WriteAsync(program, before, stop.Token);
        await Until.TrueAsync("some sessions are there", () => Task.FromResult(Count(before) >= 20));
        var acknowledged = Snapshot(before);

        using var archal = await OperatorAsync(program);
        var said = (await archal.RunAsync("admin", "backup", File)).Good();

        var atTheEnd = Count(before);
        await stop.CancelAsync();
        await writing;
        Assert.True(atTheEnd > acknowledged.Count, "nothing was written while the backup was made");
        Assert.Contains("as of 20", said.Output, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.False(System.IO.File.Exists(Path.Combine(program.Data, "backup.part")));

        // On a machine that has nothing yet: its worker holds none of the clones.
        var restored = (await RestoreAsync(archal)).Good();
        Assert.Contains("UNKNOWN: there was no database here", restored.Output, StringComparison.Ordinal);
        Assert.Contains("The owner's token is not part of a backup", restored.Output, StringComparison.Ordinal);
        await using var again = await StandaloneProcess.StartAsync(Data);
        foreach (var session in acknowledged)
        {
            var known = await again.CallAsync(HttpMethod.Get, $"/api/sessions/{session}", key.Secret);
            Assert.Equal("failed", known.GetProperty("status").GetString());
            Assert.Contains("restored from a backup", known.GetProperty("lastError").GetString(), StringComparison.Ordinal);
        }

        await again.LoggedAsync("Running on a backup of");
    }

    [Fact]
    public async Task A_restore_brings_back_no_revoked_key_and_no_session_without_its_clones()
    {
        Key kept, revoked, later;
        string running, stopped, started;
        using var archal = new Archal(new Uri("http://127.0.0.1:1"));
        await using (var program = await StandaloneProcess.StartAsync(Data))
        {
            using var operators = await OperatorAsync(program);
            (kept, revoked) = (await program.CreateKeyAsync(), await program.CreateKeyAsync());
            (running, stopped) = (await program.StartSessionAsync(), await program.StartSessionAsync());
            (await operators.RunAsync("admin", "backup", File)).Good();

            (await program.RevokeAsync(revoked.Id)).Dispose();
            (await program.DeleteAsync($"/api/sessions/{stopped}")).Dispose();
            (later, started) = (await program.CreateKeyAsync(), await program.StartSessionAsync());

            (await RestoreAsync(archal)).Failed(1, "in use by another process");
            await program.KillAsync();
        }

        var said = (await RestoreAsync(archal)).Good();
        Assert.Contains("1 keys and tokens, which stay revoked", said.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Data, "control.db.replaced-*"));

        await using var again = await StandaloneProcess.StartAsync(Data);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized),
            (await StatusAsync(again, kept), await StatusAsync(again, revoked), await StatusAsync(again, later)));
        Assert.Equal("running", (await again.CallAsync(HttpMethod.Get, $"/api/sessions/{running}", kept.Secret)).GetProperty("status").GetString());
        await again.CallAsync(HttpMethod.Get, $"/runtime/{running}/github/api/repos/octocat/small-project", kept.Secret);
        var why = await again.CallAsync(HttpMethod.Get, $"/api/admin/sessions/{stopped}/why", again.OwnerToken);
        Assert.Equal(("failed", "restored"), (why.GetProperty("status").GetString(), why.GetProperty("because").GetString()));
        using var owner = again.Client(again.OwnerToken);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.GetAsync($"/api/sessions/{started}")).StatusCode);

        // No ghosts: what the worker held for nobody is stopped.
        await Until.TrueAsync("sessions and placements are one number", async () =>
        {
            var counts = (await again.CallAsync(HttpMethod.Get, "/api/admin/status", again.OwnerToken)).GetProperty("sessions");
            return (counts.GetProperty("live").GetInt32(), counts.GetProperty("placements").GetInt32()) == (1, 1);
        });
    }

    [Fact]
    public async Task What_is_no_backup_is_refused_and_nothing_is_changed()
    {
        await using (var program = await StandaloneProcess.StartAsync(Data))
        {
            await program.TerminateAsync();
        }

        var contents = Contents();
        using var archal = new Archal(new Uri("http://127.0.0.1:1"));
        (await RestoreAsync(archal)).Failed(1, "There is no file");
        System.IO.File.Copy(Path.Combine(Data, "control.db"), File);
        (await RestoreAsync(archal)).Failed(1, "is no backup");
        await System.IO.File.WriteAllTextAsync(File, "something else altogether, and long enough to be looked at as a database");
        (await RestoreAsync(archal)).Failed(1, "no backup");

        Assert.Equal(contents, Contents());
    }

    [Fact]
    public async Task A_damaged_backup_is_refused_and_a_backup_replaces_no_file()
    {
        await using var program = await StandaloneProcess.StartAsync();
        using var archal = await OperatorAsync(program);
        await program.StartSessionAsync();
        (await archal.RunAsync("admin", "backup", File)).Good();
        (await archal.RunAsync("admin", "backup", File)).Failed(2, "is there already");

        using (var file = new FileStream(File, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Seek(4096, SeekOrigin.Begin);
            file.Write(new byte[8192]);
        }

        (await RestoreAsync(archal)).Failed(1, "backup");
        Assert.False(System.IO.File.Exists(Path.Combine(Data, "control.db")));
    }

    [Fact]
    public async Task Only_an_operator_is_given_a_backup()
    {
        await using var program = await StandaloneProcess.StartAsync();
        using var archal = new Archal(program.Url);
        await archal.LoginAsync((await program.CreateKeyAsync()).Secret);

        (await archal.RunAsync("admin", "backup", File)).Failed(1, "operators");
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private Task<Outcome> RestoreAsync(Archal archal) => archal.RunAsync("admin", "restore", File, "--data", Data, "--program", Program);

    private IReadOnlyList<string> Contents()
    {
        using var copy = DataFolder.CopyOf(Data);
        return copy.Contents();
    }

    private static async Task<Archal> OperatorAsync(StandaloneProcess program)
    {
        var archal = new Archal(program.Url);
        await archal.LoginAsync(program.OwnerToken);
        return archal;
    }

    private static async Task WriteAsync(StandaloneProcess program, List<string> acknowledged, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var session = await program.StartSessionAsync("empty");
            lock (acknowledged)
            {
                acknowledged.Add(session);
            }
        }
    }

    private static int Count(List<string> acknowledged)
    {
        lock (acknowledged)
        {
            return acknowledged.Count;
        }
    }

    private static List<string> Snapshot(List<string> acknowledged)
    {
        lock (acknowledged)
        {
            return [.. acknowledged];
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(StandaloneProcess program, Key key)
    {
        using var client = program.Client(key.Secret);
        using var answer = await client.GetAsync("/api/workspaces");
        return answer.StatusCode;
    }
}
