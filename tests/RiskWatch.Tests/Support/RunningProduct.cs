using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Tests.Support;

/// <summary>What <c>run</c> starts, in this process on a free port, with the embedded log and store in a folder of its own.</summary>
internal sealed class RunningProduct : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskwatch-run-").FullName;
    private readonly WebApplication _app;

    private RunningProduct(IReadOnlySet<string> roles, IEnumerable<(string Key, string Value)> settings)
    {
        RunningRoles = roles;
        var values = settings.ToDictionary(s => s.Key, s => (string?)s.Value, StringComparer.OrdinalIgnoreCase);
        values["RiskWatch:Data"] = _folder;
        values["RiskWatch:Urls"] = "http://127.0.0.1:0";
        _app = RiskWatchHost.Web(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), roles, services => services.AddSingleton<ILoggerFactory>(_ => new LoggerFactory([Said])));
    }

    public IReadOnlySet<string> RunningRoles { get; }

    public IHost Host => _app;

    public IServiceProvider Services => _app.Services;

    public string Folder => _folder;

    /// <summary>What it logged.</summary>
    public CollectingLogs Said { get; } = new();

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromMinutes(5) };

    public static async Task<RunningProduct> StartAsync(IEnumerable<string> roles, CancellationToken cancel, params IEnumerable<(string Key, string Value)> settings)
    {
        var product = new RunningProduct(new HashSet<string>(roles), settings);
        await product._app.StartAsync(cancel);
        product.Http.BaseAddress = new Uri(product._app.Urls.First());
        return product;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Warnings and errors, as words.</summary>
internal sealed class CollectingLogs : ILoggerProvider
{
    private readonly List<string> _words = [];

    public IReadOnlyList<string> Words
    {
        get
        {
            lock (_words)
            {
                return [.. _words];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
    }

    private sealed class Logger(CollectingLogs logs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lock (logs._words)
                {
                    logs._words.Add($"{logLevel}: {formatter(state, exception)} {exception}".TrimEnd());
                }
            }
        }
    }
}
