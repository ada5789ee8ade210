using System.Collections.Concurrent;
using System.Diagnostics;
using ControlPlane.Errors;
using ControlPlane.Telemetry;

namespace ControlPlane.Gateways;

/// <summary>
/// The facts of one kind that a gateway holds, and the questions about them that are under way: one for each fact at most. Only the answer
/// to the question under way is taken, checked and installed, in one step; a recall spoils it first (protocol 5 and 9).
/// </summary>
/// <typeparam name="TAsk">On whose behalf it is asked: a "no" to one is not a "no" to another.</typeparam>
/// <param name="name">What they are about, in one word.</param>
/// <param name="askAsync">Asks the owner as the incarnation named.</param>
/// <param name="hold">What an answer gives to hold, counted from when the question was sent; null for a "no".</param>
/// <param name="forgotten">Told in the same step when nothing is held for a key any more and nothing asked.</param>
internal sealed class Facts<TKey, TAsk, TAnswer, THeld>(
    string name,
    Questions questions,
    Func<TKey, TAsk, string, CancellationToken, Task<TAnswer>> askAsync,
    Func<TKey, TAnswer, long, THeld?> hold,
    Action<TKey>? forgotten = null)
    where TKey : notnull
    where TAsk : IEquatable<TAsk>
    where THeld : class, IHeld
{
    private readonly ConcurrentDictionary<TKey, Slot> _slots = new();
    private readonly string _spanName = $"ask {name}";

    public int Count => _slots.Count;

    public IEnumerable<THeld> All => _slots.Values.Select(slot => slot.Held).OfType<THeld>();

    /// <summary>The fact in hand, if it has not ended by itself.</summary>
    public THeld? Find(TKey key, long now) =>
        _slots.TryGetValue(key, out var slot) && slot.Held is { } held && held.Stands(now) ? held : null;

    /// <summary>
    /// Asks, or waits for the question under way. An answer serves only whoever had arrived when it was asked; others look at what is held
    /// now, or have it asked again.
    /// </summary>
    /// <param name="arrival">When the request began to look, by <see cref="Questions.NextMoment"/>.</param>
    /// <param name="reuse">Whether what is held already will do.</param>
    /// <param name="denied">
    /// Called when a question that this call began is answered without a fact, before anybody has the answer, and also when this call was given up
    /// meanwhile: once for each question, however many wait for it.
    /// </param>
    public async ValueTask<Found<THeld, TAnswer>> AskAsync(
        TKey key, TAsk ask, long arrival, bool reuse, CancellationToken cancellationToken, Action? denied = null)
    {
        while (true)
        {
            var slot = _slots.GetOrAdd(key, static _ => new Slot());
            Question question;
            lock (slot)
            {
                if (slot.Removed)
                {
                    continue;
                }

                if (reuse && slot.Held is { } held && held.Stands(questions.Time.GetTimestamp()))
                {
                    return new Found<THeld, TAnswer>(held, default);
                }

                if (slot.Asking is null)
                {
                    slot.Asking = new Question(ask, denied);
                    _ = RunAsync(key, slot, slot.Asking);
                }

                question = slot.Asking;
            }

            await question.Done.WaitAsync(cancellationToken);
            if (question.SentAtMoment > arrival && !question.Spoiled && question.Ask.Equals(ask))
            {
                return new Found<THeld, TAnswer>(question.Held, question.Answer);
            }
        }
    }

    /// <summary>Spoils the question under way for a key and drops what was granted up to a version.</summary>
    public void Recall(TKey key, long version)
    {
        if (_slots.TryGetValue(key, out var slot))
        {
            Recall(key, slot, version);
        }
    }

    /// <summary>The same for each key with a question under way on behalf of this.</summary>
    public void RecallAsked(TAsk ask, long version)
    {
        foreach (var (key, slot) in _slots)
        {
            if (slot.Asking is { } question && question.Ask.Equals(ask))
            {
                Recall(key, slot, version);
            }
        }
    }

    /// <summary>Lets facts go that the gateway chose, if they are still what it chose.</summary>
    /// <param name="left">Told in the same step when it was.</param>
    public void LetGo(TKey key, THeld chosen, Action<THeld>? left = null)
    {
        if (_slots.TryGetValue(key, out var slot))
        {
            lock (slot)
            {
                if (slot.Held == chosen)
                {
                    slot.Held = null;
                    left?.Invoke(chosen);
                }

                RemoveIfEmpty(key, slot);
            }
        }
    }

    /// <summary>A lapse: drops every fact and spoils every question.</summary>
    public void Clear()
    {
        foreach (var (key, slot) in _slots)
        {
            Recall(key, slot, long.MaxValue);
        }
    }

    /// <summary>Each key with what is held for it.</summary>
    public IEnumerable<KeyValuePair<TKey, THeld>> Entries()
    {
        foreach (var (key, slot) in _slots)
        {
            if (slot.Held is { } held)
            {
                yield return new KeyValuePair<TKey, THeld>(key, held);
            }
        }
    }

    private void Recall(TKey key, Slot slot, long version)
    {
        lock (slot)
        {
            if (slot.Asking is { } question)
            {
                question.Spoiled = true;
            }

            if (slot.Held is { } held && held.Version <= version)
            {
                slot.Held = null;
            }

            RemoveIfEmpty(key, slot);
        }
    }

    private async Task RunAsync(TKey key, Slot slot, Question question)
    {
        await Task.Yield();
        using var span = Traces.Step(_spanName, ActivityKind.Client);
        var began = questions.Time.GetTimestamp();
        var outcome = "failed";
        try
        {
            using var place = await questions.EnterAsync();
            question.SentAtMoment = questions.NextMoment();
            var sent = questions.Time.GetTimestamp();
            var answer = await askAsync(key, question.Ask, place.Incarnation, place.Limit).WaitAsync(place.Limit);
            lock (slot)
            {
                if (!question.Spoiled && questions.StillHolds(place.Incarnation))
                {
                    question.Answer = answer;
                    question.Held = hold(key, answer, sent);
                    slot.Held = question.Held ?? slot.Held;
                }
                else
                {
                    question.Spoiled = true;
                }

                Ended(key, slot);
            }

            outcome = question.Spoiled ? "spoiled" : question.Held is null ? "denied" : "granted";
            if (outcome == "denied")
            {
                question.Denied?.Invoke();
            }

            question.Finish(null);
        }
        catch (Exception problem)
        {
            lock (slot)
            {
                Ended(key, slot);
            }

            question.Finish(problem as ControlPlaneException ?? Questions.Unanswered(problem));
        }
        finally
        {
            DecisionMeter.Asked(questions.Time.GetElapsedTime(began), name, outcome);
            span?.SetTag("archal.outcome", outcome);
        }
    }

    private void Ended(TKey key, Slot slot)
    {
        slot.Asking = null;
        RemoveIfEmpty(key, slot);
    }

    /// <summary>A slot goes only when nothing is held and nothing asked, so that two questions for one fact can never run side by side.</summary>
    private void RemoveIfEmpty(TKey key, Slot slot)
    {
        if (slot is { Held: null, Asking: null, Removed: false })
        {
            slot.Removed = true;
            forgotten?.Invoke(key);
            _slots.TryRemove(key, out _);
        }
    }

    private sealed class Slot
    {
        private THeld? _held;

        public THeld? Held
        {
            get => Volatile.Read(ref _held);
            set => Volatile.Write(ref _held, value);
        }

        public Question? Asking { get; set; }

        public bool Removed { get; set; }
    }

    /// <summary>One asking; its identity is its number.</summary>
    private sealed class Question(TAsk ask, Action? denied)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TAsk Ask { get; } = ask;

        public Action? Denied { get; } = denied;

        public Task Done => _done.Task;

        public long SentAtMoment { get; set; } = long.MinValue;

        public bool Spoiled { get; set; }

        public TAnswer? Answer { get; set; }

        public THeld? Held { get; set; }

        public void Finish(Exception? problem)
        {
            if (problem is null)
            {
                _done.SetResult();
            }
            else
            {
                _done.SetException(problem);
                _ = _done.Task.Exception;
            }
        }
    }
}

/// <summary>What came of looking for a fact: the fact, or the owner's answer without one.</summary>
internal readonly record struct Found<THeld, TAnswer>(THeld? Held, TAnswer? Answer);
