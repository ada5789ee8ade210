namespace ControlPlane.Workers;

public sealed class WorkerArgumentsTests
{
    [Fact]
    public void A_worker_by_itself_needs_a_directory_and_its_secret()
    {
        var read = Read(["--data", "d", "--capacity", "7", "--body-mebibytes", "17"], ("ARCHAL_WORKER_SECRET", "its own"));

        Assert.Null(read.Join);
        Assert.Equal(
            ("d", "its own", 7, 17 * 1024 * 1024),
            (read.Worker.DataDirectory, read.Worker.Secret, read.Worker.Capacity, read.Worker.HeldBodyBytes));
    }

    [Fact]
    public void A_worker_of_a_cluster_needs_silos_and_the_join_token()
    {
        var read = Read(
            ["--data", "d", "--join", "http://silo-1:9000, http://silo-2:9000", "--advertise-data", "http://10.0.0.5:7000"],
            ("ARCHAL_JOIN_TOKEN", "the token"));

        Assert.Equal([new Uri("http://silo-1:9000"), new Uri("http://silo-2:9000")], read.Join!.Silos);
        Assert.Equal(("the token", new Uri("http://10.0.0.5:7000"), null), (read.Join.Token, read.Join.AdvertiseData, read.Join.AdvertiseControl));
    }

    [Theory]
    [InlineData("--data", "")]
    [InlineData("--capacity", "many", "--data", "d")]
    [InlineData("--data", "d", "--DataLimits:MaxConnections", "0")]
    [InlineData("--data", "d", "--ControlLimits:MaxConnection", "5")]
    [InlineData("--data", "d", "--join", "silo:9000")]
    [InlineData("--data", "d", "--join", ",")]
    [InlineData("--data", "d", "--join", "https://silo:9000")]
    [InlineData("--data", "d", "--join", "http://silo:9000/path")]
    [InlineData("--data", "d", "--join", "http://silo:9000", "--advertise-control", "10.0.0.5")]
    public void What_cannot_be_read_is_said(params string[] arguments) => Assert.Throws<UsageException>(
        () => Read(arguments, ("ARCHAL_WORKER_SECRET", "its own"), ("ARCHAL_JOIN_TOKEN", "the token")));

    [Fact]
    public void Each_port_has_limits_of_its_own()
    {
        var worker = Read(["--data", "d", "--DataLimits:MaxConnections", "7"], ("ARCHAL_WORKER_SECRET", "its own")).Worker;

        Assert.Equal((7, 1000), (worker.DataLimits.MaxConnections, worker.ControlLimits.MaxConnections));
        Assert.Equal((64 * 1024, 32 * 1024), (worker.DataLimits.MaxHeaderBytes, worker.ControlLimits.MaxHeaderBytes));
    }

    [Theory]
    [InlineData("--data", "d")]
    [InlineData("--data", "d", "--join", "http://silo:9000")]
    public void A_secret_is_taken_from_the_environment_alone(params string[] arguments) =>
        Assert.Contains("ARCHAL_", Assert.Throws<UsageException>(() => Read(arguments)).Message, StringComparison.Ordinal);

    private static WorkerArguments Read(string[] arguments, params (string Name, string Value)[] environment) =>
        new(arguments, name => environment.FirstOrDefault(given => given.Name == name).Value);
}
