using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Hosting;

/// <summary>What was logged, each line with the values of the scopes around it.</summary>
internal sealed class LogLines : ILoggerProvider, ISupportExternalScope
{
    private readonly SemaphoreSlim _arrived = new(0);
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Waits until there is such a line.</summary>
    public async Task UntilAsync(Func<string, bool> isWanted)
    {
        while (!Lines.Any(isWanted))
        {
            await _arrived.WaitAsync();
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() => _arrived.Dispose();

    private sealed class Logger(LogLines lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => lines._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string>();
            lines._scopes.ForEachScope(static (scope, list) => list.Add(scope?.ToString() ?? ""), scopes);
            lines.Lines.Enqueue($"{logLevel} {category} {formatter(state, exception)} {exception} [{string.Join(" ", scopes)}]");
            lines._arrived.Release();
        }
    }
}
