using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;

namespace GregBi.Client;

/// <summary>The observations of the client, in order. An argument that cannot be bound appears as a warning.</summary>
public sealed class Journal : ILoggerProvider, ILogger
{
    /// <summary>Longer than anything takes; only a client without events waits this long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private static readonly JsonSerializerOptions AsTheyAre = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ConcurrentDictionary<string, SemaphoreSlim> arrivals = new();
    private readonly ConcurrentDictionary<string, int> awaited = new();
    private readonly Lock output = new();

    public void Write(string saw, object? what)
    {
        lock (output) Console.WriteLine(JsonSerializer.Serialize(new { saw, what }, AsTheyAre));
        Arrivals(saw).Release();
    }

    public void Listen<T>(HubConnection connection, string target) =>
        connection.On<T>(target, argument => Write(target, argument));

    /// <summary>Waits until something was observed this many times since the start.</summary>
    public async Task Saw(string what, int times = 1)
    {
        for (; awaited.GetValueOrDefault(what) < times; awaited.AddOrUpdate(what, 1, (_, seen) => seen + 1))
        {
            if (!await Arrivals(what).WaitAsync(Patience)) throw new TimeoutException($"{what} was not seen {times} times");
        }
    }

    public async Task Saw(IEnumerable<string> targets, int times = 1)
    {
        foreach (var target in targets) await Saw(target, times);
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(
        LogLevel level, EventId id, TState state, Exception? error, Func<TState, Exception?, string> format) =>
        Write("warning", new { text = format(state, error), error = error?.Message });

    public void Dispose()
    {
    }

    private SemaphoreSlim Arrivals(string what) => arrivals.GetOrAdd(what, _ => new SemaphoreSlim(0));
}
