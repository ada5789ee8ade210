using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ControlPlane.Running;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Start;

/// <summary>A start that cannot be: one clear line, exit code 1, and nothing is touched.</summary>
public sealed class RefusedStartTests(UsedData used) : IClassFixture<UsedData>
{
    private const int PageSize = 4096;

    [Fact]
    public async Task A_second_process_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        using var data = used.Copy();
        await using var first = await StandaloneProcess.StartAsync(data.Path);

        await RefusedAsync("in use by another process", ["--urls", "http://127.0.0.1:0", "--data", data.Path]);

        Assert.NotEmpty(await first.StartSessionAsync());
    }

    [Theory]
    [InlineData("127.0.0.1", "http://127.0.0.1:{0}")]
    [InlineData("127.0.0.1", "http://localhost:{0}")]
    [InlineData("::1", "http://localhost:{0}")]
    [InlineData("127.0.0.1", "http://*:{0}")]
    public async Task A_port_in_use_is_said_before_anything_is_touched(string taken, string url)
    {
        using var listener = new TcpListener(IPAddress.Parse(taken), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        await UntouchedAsync("is in use by another process",
            ["--urls", url.Replace("{0}", $"{port}", StringComparison.Ordinal), "--insecure"]);
        await NothingMadeAsync("is in use by another process",
            ["--urls", url.Replace("{0}", $"{port}", StringComparison.Ordinal), "--insecure"]);
    }

    [Fact]
    public Task An_address_of_another_machine_is_said_before_anything_is_touched() =>
        UntouchedAsync("no such address", ["--urls", "http://192.0.2.1:8080", "--insecure"]);

    [Fact]
    public async Task A_database_whose_header_was_overwritten_is_left_as_it_was()
    {
        using var data = used.Copy();
        Overwrite(data.Database, at: 0, bytes: 64);

        await UntouchedAsync(data, "is damaged", []);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public async Task A_database_with_a_page_of_noise_in_it_is_left_as_it_was(double where)
    {
        using var data = used.Copy();
        var pages = new FileInfo(data.Database).Length / PageSize;
        Overwrite(data.Database, at: (long)(pages * where) * PageSize, bytes: PageSize);

        await UntouchedAsync(data, "is damaged", []);
    }

    [Fact]
    public async Task A_database_that_was_cut_short_is_left_as_it_was()
    {
        using var data = used.Copy();
        using (var file = File.OpenWrite(data.Database))
        {
            file.SetLength(file.Length / 2);
        }

        await UntouchedAsync(data, "is damaged", []);
    }

    [Fact]
    public async Task A_database_of_a_newer_release_is_left_as_it_was()
    {
        using var data = used.Copy();
        Execute(data.Database, "PRAGMA user_version=2");

        await UntouchedAsync(data, "written by a newer release", []);
    }

    [Fact]
    public async Task A_database_of_another_program_is_left_as_it_was()
    {
        using var data = new DataFolder();
        Execute(data.Database, "CREATE TABLE recipes (name TEXT)");

        await UntouchedAsync(data, "no schema of this program", []);
    }

    [Fact]
    public async Task A_token_file_with_something_else_in_it_is_left_as_it_was()
    {
        using var data = new DataFolder();
        var file = Path.Combine(data.Path, "owner.token");
        await File.WriteAllTextAsync(file, "a shopping list\n");

        await RefusedAsync("holds no token of this service", ["--urls", "http://127.0.0.1:0", "--data", data.Path]);

        Assert.Equal("a shopping list\n", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_worker_whose_journal_was_overwritten_is_left_as_it_was()
    {
        using var data = used.Copy();
        Overwrite(Path.Combine(data.Worker, "placements.journal"), at: 0, bytes: 64);

        await RefusedAsync("placements.journal", ["--urls", "http://127.0.0.1:0", "--data", data.Path]);
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_directory_is_left_as_it_was()
    {
        using var data = new DataFolder();
        var file = Path.Combine(data.Path, "data");
        await File.WriteAllTextAsync(file, "mine");

        await RefusedAsync("cannot be made", ["--urls", "http://127.0.0.1:0", "--data", file]);
        await RefusedAsync("cannot be made", ["--urls", "http://127.0.0.1:0", "--data", Path.Combine(file, "below")]);

        Assert.Equal("mine", await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("'abc' at 'Sessions:IdleLimit'", "--Sessions:IdleLimit=abc")]
    [InlineData("IdleLimit must be between", "--Sessions:IdleLimit=00:00:00")]
    [InlineData("'maybe' at 'Leases:Reuse'", "--Leases:Reuse", "maybe")]
    [InlineData("--Sessions:IdelLimit is no setting", "--Sessions:IdelLimit=00:10:00")]
    [InlineData("--Sesions:IdleLimit is no setting", "--Sesions:IdleLimit=00:10:00")]
    [InlineData("--Leases:Third is no setting", "--Leases:Third=00:00:01")]
    [InlineData("CloneDomain", "--Gateway:CloneDomain=.")]
    [InlineData("'Loud'", "--Logging:LogLevel:Default=Loud")]
    [InlineData("--bogus is not an option", "--bogus")]
    [InlineData("bogus is not an option", "bogus")]
    [InlineData("--Sessions:IdleLimit needs a value", "--Sessions:IdleLimit")]
    [InlineData("--urls needs an address", "--urls", "")]
    [InlineData("is not an address", "--urls", "localhost:8080")]
    [InlineData("is not an address", "--urls", "http://localhost:8080/path")]
    [InlineData("is not an address", "--urls", "http://localhost:99999")]
    public async Task What_was_typed_wrong_is_said_before_anything_is_touched(string said, params string[] arguments)
    {
        await UntouchedAsync(said, arguments);
        await NothingMadeAsync(said, arguments);
    }

    [Fact]
    public Task An_empty_directory_name_is_said() =>
        RefusedAsync("--data needs a directory", ["--urls", "http://127.0.0.1:0", "--data", ""]);

    private async Task UntouchedAsync(string said, string[] arguments)
    {
        using var data = used.Copy();
        await UntouchedAsync(data, said, arguments);
    }

    private static async Task UntouchedAsync(DataFolder data, string said, string[] arguments)
    {
        var before = data.Contents();

        await RefusedAsync(said, ["--urls", "http://127.0.0.1:0", "--data", data.Path, .. arguments]);

        Assert.Equal(before.Where(line => !line.StartsWith("lock ", StringComparison.Ordinal)),
            data.Contents().Where(line => !line.StartsWith("lock ", StringComparison.Ordinal)));
    }

    private static async Task NothingMadeAsync(string said, string[] arguments)
    {
        using var data = new DataFolder();

        await RefusedAsync(said, ["--urls", "http://127.0.0.1:0", "--data", Path.Combine(data.Path, "new"), .. arguments]);

        Assert.Empty(Directory.GetFileSystemEntries(data.Path));
    }

    private static async Task RefusedAsync(string said, string[] arguments)
    {
        var (exitCode, output, error) = await StandaloneProcess.RunAsync(arguments);

        Assert.True(exitCode == 1, $"{exitCode}: {error}");
        Assert.Equal("", output);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    private static void Overwrite(string path, long at, int bytes)
    {
        using var file = File.OpenWrite(path);
        file.Seek(at, SeekOrigin.Begin);
        file.Write([.. Enumerable.Repeat((byte)0xA5, bytes)]);
    }

    private static void Execute(string database, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <summary>A data directory that was used, and left as SIGTERM leaves it.</summary>
public sealed class UsedData : IAsyncLifetime
{
    private readonly DataFolder _data = new();

    public async Task InitializeAsync()
    {
        await using var program = await StandaloneProcess.StartAsync(_data.Path);
        var notes = JsonSerializer.SerializeToElement(new { notes = new string('x', 3000) });
        for (var i = 0; i < 30; i++)
        {
            await program.CallAsync(HttpMethod.Post, "/api/sessions", program.OwnerToken,
                new { clones = new[] { "github" }, runConfig = notes });
        }

        await program.CreateKeyAsync();
        Assert.Equal(0, await program.TerminateAsync());
    }

    internal DataFolder Copy() => DataFolder.CopyOf(_data.Path);

    public Task DisposeAsync()
    {
        _data.Dispose();
        return Task.CompletedTask;
    }
}
