using Microsoft.Extensions.Logging.Abstractions;
using RiskWatch.Adapters.Embedded;
using RiskWatch.Core.Log;

namespace RiskWatch.AdapterTests;

/// <summary>The embedded log through the compliance suite.</summary>
public sealed class SqliteEventLogTests : EventLogCompliance
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "riskwatch-log-" + Guid.NewGuid().ToString("N"));

    protected override int MaxEntryBytes => new EmbeddedOptions().MaxEntryBytes;

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    protected override Task<IEventLog> CreateAsync() => Task.FromResult<IEventLog>(new SqliteEventLog(
        Path.Combine(_directory, "log.db"),
        new EmbeddedOptions { SessionTimeout = TimeSpan.FromSeconds(1.5), MaxPollInterval = TimeSpan.FromSeconds(1.5), PollInterval = TimeSpan.FromMilliseconds(50) },
        TimeProvider.System,
        NullLogger<SqliteEventLog>.Instance));

    protected override Task KillAsync(IEventLog log) => ((SqliteEventLog)log).CrashAsync().AsTask();

    protected override Task MaintainAsync(IEventLog log, TimeSpan later) => ((SqliteEventLog)log).MaintainAsync(TimeProvider.System.GetUtcNow() + later, Cancel);
}
