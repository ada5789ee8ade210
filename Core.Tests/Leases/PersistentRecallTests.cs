using ControlPlane.Hosting;

namespace ControlPlane.Leases;

public sealed class PersistentRecallTests
{
    private static readonly Recall Gone = new(RecallKind.Drop, Subject.Credential("k1"), 5);
    private static readonly RecallAnswer Answer = new("g1", RecallKind.Drop, Subject.Credential("k1"), 5);
    private readonly VirtualTime _time = new();
    private readonly LeaseOptions _options = new();
    private readonly BareHost _host;
    private readonly FakeGateway _gateway = new();

    public PersistentRecallTests() => _host = new BareHost(default, _time, new MemoryStorage()) { Entities = new FewEntities { Gateways = _ => _gateway } };

    [Fact]
    public Task A_gateway_that_answers_itself_is_not_late() => Task.Run(async () =>
    {
        _host.OnRecall = (_, _, _) => Task.FromResult(Answer);

        Assert.Equal((Answer, false), await AskAsync());
        Assert.Equal(0, _gateway.Asked);
    });

    [Fact]
    public Task A_silent_gateway_s_lease_is_asked_after_a_quarter_of_a_second() => Task.Run(async () =>
    {
        _host.OnRecall = (_, _, _) => new TaskCompletionSource<RecallAnswer>().Task;
        _gateway.OnRecall = () => Task.FromResult<RecallAnswer?>(null);
        var asking = AskAsync();
        await _time.PassAsync(_options.Silence - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, _gateway.Asked);

        Assert.Equal((null, true), await _time.PassUntilAsync(asking));
    });

    [Fact]
    public Task A_gateway_that_answers_itself_after_all_is_believed() => Task.Run(async () =>
    {
        var late = new TaskCompletionSource<RecallAnswer>();
        _host.OnRecall = (_, _, _) => late.Task;
        _gateway.OnRecall = () => new TaskCompletionSource<RecallAnswer?>().Task;
        var asking = AskAsync();
        await _time.PassAsync(TimeSpan.FromSeconds(1));
        late.SetResult(Answer);

        Assert.Equal((Answer, true), await _time.PassUntilAsync(asking));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_direct_call_that_failed_or_was_given_up_leaves_it_to_the_lease(bool cancelled) => Task.Run(async () =>
    {
        _host.OnRecall = (_, _, _) => cancelled ? throw new TaskCanceledException() : throw new IOException();
        var over = new TaskCompletionSource<RecallAnswer?>();
        _gateway.OnRecall = () => over.Task;
        var asking = AskAsync();
        await _time.PassAsync(TimeSpan.FromSeconds(5));
        over.SetResult(null);

        Assert.Equal((null, true), await _time.PassUntilAsync(asking));
        Assert.Equal(1, _gateway.Asked);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task It_never_gives_up(bool thrownAtOnce) => Task.Run(async () =>
    {
        var failures = 20;
        _host.OnRecall = (_, _, _) => failures-- > 0 ? throw new IOException() : Task.FromResult(Answer);
        _gateway.OnRecall = () => thrownAtOnce ? throw new IOException() : Task.FromException<RecallAnswer?>(new IOException());

        Assert.Equal((Answer, true), await _time.PassUntilAsync(AskAsync()));
        Assert.Null(_time.UntilNextTimer);
    });

    private Task<(RecallAnswer? Answer, bool Late)> AskAsync() => PersistentRecall.AskAsync(_host, _options, "g1", Gone);

    private sealed class FakeGateway : IGateway
    {
        public Func<Task<RecallAnswer?>> OnRecall { get; set; } = () => throw new IOException();

        public int Asked { get; private set; }

        public Task<RecallAnswer?> RecallAsync(Recall recall, CancellationToken cancellationToken = default)
        {
            Asked++;
            return OnRecall();
        }

        public Task<LeaseAnswer> OpenAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<LeaseAnswer> RenewAsync(IReadOnlyList<RecallAnswer> acknowledged, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<bool> IsOverAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task CloseAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> EvictAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<GatewayView?> DescribeAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
