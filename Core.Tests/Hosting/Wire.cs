using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace ControlPlane.Hosting;

/// <summary>What lies between a caller and what it calls: a call can be lost, late, or answered by nobody any more.</summary>
internal sealed class Link
{
    private static readonly Task Never = new TaskCompletionSource().Task;
    private TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Every call fails before it arrives.</summary>
    public bool IsCut { get; set; }

    /// <summary>The caller's process is dead: nothing it calls arrives, and no answer reaches it.</summary>
    public bool IsDead { get; set; }

    /// <summary>Awaited before a call of this name arrives; it may wait or throw.</summary>
    public Func<string, Task>? Before { get; set; }

    /// <summary>Awaited before the answer to a call of this name arrives; it may wait or throw: the answer is lost.</summary>
    public Func<string, Task>? After { get; set; }

    /// <summary>Whoever waits for an answer is told that the connection is gone.</summary>
    public void Break() => Interlocked.Exchange(ref _broken, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    public async Task<T> CarryAsync<T>(string name, Func<Task<T>> call)
    {
        await ThrowIfLostAsync();
        if (Before is { } before)
        {
            await before(name);
            await ThrowIfLostAsync();
        }

        var broken = Volatile.Read(ref _broken).Task;
        var answer = call();
        if (await Task.WhenAny(answer, broken) == broken)
        {
            throw new IOException($"The connection broke while {name} was under way.");
        }

        await (IsDead ? Never : Task.CompletedTask);
        if (After is { } after)
        {
            await after(name);
            await (IsDead ? Never : Task.CompletedTask);
        }

        return await answer;
    }

    private async Task ThrowIfLostAsync()
    {
        await (IsDead ? Never : Task.CompletedTask);
        if (IsCut)
        {
            throw new IOException("The call did not arrive.");
        }
    }
}

/// <summary>Puts a link in front of an interface and of every interface that it gives out. What is called is looked up for each call.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "The proxies that are made at run time derive from it.")]
internal class Wire : DispatchProxy
{
    private Func<object> _target = () => throw new InvalidOperationException("Made by Wire.To alone.");
    private Link _link = new();

    public static T To<T>(Link link, Func<T> target) where T : class => (T)To(typeof(T), link, target);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod ?? throw new ArgumentNullException(nameof(targetMethod));
        var answers = method.ReturnType;
        if (answers == typeof(Task))
        {
            return _link.CarryAsync<object?>(method.Name, async () =>
            {
                await (Task)Call(method, args)!;
                return null;
            });
        }

        if (answers.IsGenericType && answers.GetGenericTypeDefinition() == typeof(Task<>))
        {
            return Carry.MakeGenericMethod(answers.GenericTypeArguments).Invoke(null, [_link, _target, method, args]);
        }

        return answers.IsInterface ? To(answers, _link, () => Call(method, args)!) : Call(method, args);
    }

    private object? Call(MethodInfo method, object?[]? args) => method.Invoke(_target(), BindingFlags.DoNotWrapExceptions, null, args, null);

    private static readonly MethodInfo Carry = typeof(Wire).GetMethod(nameof(CarryAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static Task<T> CarryAsync<T>(Link link, Func<object> target, MethodInfo method, object?[]? args) =>
        link.CarryAsync(method.Name, () => (Task<T>)method.Invoke(target(), BindingFlags.DoNotWrapExceptions, null, args, null)!);

    private static object To(Type type, Link link, Func<object> target)
    {
        var proxy = Create(type, typeof(Wire));
        ((Wire)proxy)._target = target;
        ((Wire)proxy)._link = link;
        return proxy;
    }
}
