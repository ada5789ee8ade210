using System.Collections.Concurrent;
using System.Reflection;
using ControlPlane.Errors;

namespace ControlPlane.Hosting;

/// <summary>
/// An entity as its callers have it: what was lost because a silo died, or froze, is asked again at its next place until the call's own limit, so
/// that its caller is answered late and not with a 503. Every command may be repeated and answers what it answered, also while it runs. The
/// engine's references know one attempt, and a client of the cluster is not told that the silo behind its own has gone.
/// </summary>
internal class Persistent : DispatchProxy
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly ConcurrentDictionary<Type, Func<Task<Task>, Task>> Shapes = new();

    private object _entity = null!;
    private CallLimits _limits = null!;
    private bool _isTold;

    /// <typeparam name="T">An interface of Core's, all of whose methods answer with tasks.</typeparam>
    /// <param name="isTold">
    /// Whether this process is told of each call that a dead silo took with it, as silos are: then none is sent again for its silence alone, which
    /// would only be more work for one that is slow.
    /// </param>
    public static T Around<T>(T entity, CallLimits limits, bool isTold) where T : class
    {
        var made = Create<T, Persistent>();
        var persistent = (Persistent)(object)made;
        (persistent._entity, persistent._limits, persistent._isTold) = (entity, limits, isTold);
        return made;
    }

    protected override object Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod!;
        Task Send() => (Task)method.Invoke(_entity, BindingFlags.DoNotWrapExceptions, null, args, null)!;
        return Shapes.GetOrAdd(method.ReturnType, Shape)(AnsweredAsync(Send, _limits.Limit(method.DeclaringType!, method), AskedAgain(method)));
    }

    private Again AskedAgain(MethodInfo method) => CallLimits.AskedAgain(method) is Again.WhenSilent && _isTold ? Again.WhenLost : CallLimits.AskedAgain(method);

    /// <summary>The first attempt that was answered, be it with a refusal; the last one that was lost when the time is over.</summary>
    private static async Task<Task> AnsweredAsync(Func<Task> send, TimeSpan limit, Again again)
    {
        var (time, attempts) = (TimeProvider.System, new List<Task>(1) { send() });
        var began = time.GetTimestamp();
        for (var next = CallLimits.AskedAgainAfter; ;)
        {
            var pause = next - time.GetElapsedTime(began);
            if (await FirstAsync(attempts, again == Again.WhenSilent || attempts.Count == 0 ? pause : Timeout.InfiniteTimeSpan) is { } done)
            {
                if (again == Again.Never || !IsLost(done) || time.GetElapsedTime(began) + Pause >= limit)
                {
                    return done;
                }

                attempts.Remove(done);
                next = time.GetElapsedTime(began) + Pause;
            }
            else
            {
                attempts.Add(send());
                var passed = time.GetElapsedTime(began);
                next = passed + (passed / 2 > CallLimits.AskedAgainAfter ? passed / 2 : CallLimits.AskedAgainAfter);
            }
        }
    }

    /// <summary>Null: the time is over before any has ended.</summary>
    private static async Task<Task?> FirstAsync(List<Task> attempts, TimeSpan atMost)
    {
        if (attempts.Find(static attempt => attempt.IsCompleted) is { } already)
        {
            return already;
        }

        using var over = new CancellationTokenSource();
        var pause = Task.Delay(atMost > TimeSpan.Zero || atMost == Timeout.InfiniteTimeSpan ? atMost : TimeSpan.Zero, TimeProvider.System, over.Token);
        var first = await Task.WhenAny([.. attempts, pause]);
        await over.CancelAsync();
        return first == pause ? null : first;
    }

    private static bool IsLost(Task attempt) => attempt.Exception?.InnerException is ControlPlaneException { InnerException: LostCallException };

    private static Func<Task<Task>, Task> Shape(Type answer) => answer == typeof(Task)
        ? PlainAsync
        : typeof(Persistent).GetMethod(nameof(TypedAsync), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(answer.GenericTypeArguments[0]).CreateDelegate<Func<Task<Task>, Task>>();

    private static async Task PlainAsync(Task<Task> answered) => await await answered;

    private static async Task<T> TypedAsync<T>(Task<Task> answered) => await (Task<T>)await answered;
}
