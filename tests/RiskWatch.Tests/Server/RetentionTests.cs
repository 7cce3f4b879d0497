using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Quartz;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;
using RiskWatch.Server.Jobs;
using Xunit;

namespace RiskWatch.Tests.Server;

/// <summary>Retention: what is asked of the store, and that it is scheduled.</summary>
public sealed class RetentionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 3, 10, 0, TimeSpan.Zero);

    [Fact]
    public async Task Each_site_is_kept_as_long_as_its_policy_says_and_all_others_as_the_rest()
    {
        await using var store = new PrunedStore();
        var options = new RetentionOptions { Records = TimeSpan.FromDays(100), Sites = { ["china"] = TimeSpan.FromDays(30) } };

        await new RetentionJob(store, options, new FakeTimeProvider(Now), NullLogger<RetentionJob>.Instance).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            ["records before 2026-08-16 of all but china", "records before 2026-10-25 of china", "alerts before 2025-10-24", "trends before 2025-10-24"], store.Asked);
    }

    [Fact]
    public async Task It_is_scheduled_for_the_hour_that_is_configured()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<IStore, PrunedStore>().AddSingleton(TimeProvider.System);
        services.AddJobs(new RetentionOptions { Hour = 5 });
        await using var provider = services.BuildServiceProvider();

        var scheduler = await provider.GetRequiredService<ISchedulerFactory>().GetScheduler(TestContext.Current.CancellationToken);
        var triggers = await scheduler.GetTriggersOfJob(new JobKey("retention"), TestContext.Current.CancellationToken);

        Assert.Equal("0 10 5 * * ?", ((ICronTrigger)Assert.Single(triggers)).CronExpressionString);
    }

    private sealed class PrunedStore : IStore
    {
        public List<string> Asked { get; } = [];

        public Task<long> PruneRecordsAsync(RecordCut cut, CancellationToken cancel) =>
            Add($"records before {cut.Before:yyyy-MM-dd} of {cut.Site ?? "all but " + string.Join(' ', cut.Except)}");

        public Task<long> PruneAlertsAsync(DateTimeOffset before, CancellationToken cancel) => Add($"alerts before {before:yyyy-MM-dd}");

        public Task<long> PruneTrendsAsync(DateTimeOffset before, CancellationToken cancel) => Add($"trends before {before:yyyy-MM-dd}");

        public Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task<IReadOnlyList<StoreRejection>> WriteRecordsAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoreRejection>> WriteAlertsAsync(IReadOnlyList<Alert> alerts, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoreRejection>> WriteTrendsAsync(IReadOnlyList<HistoryHour> hours, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Page<StoredRecord>> SearchRecordsAsync(RecordQuery query, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlyList<HistogramBucket>> HistogramAsync(RecordQuery query, TimeSpan bucket, CancellationToken cancel) => throw new NotSupportedException();

        public Task<StoredRecord?> GetRecordAsync(string source, string id, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Page<Alert>> SearchAlertsAsync(AlertQuery query, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Alert?> GetAlertAsync(string id, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlyList<HistoryHour>> TrendAsync(SeriesId series, DateTimeOffset from, DateTimeOffset until, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private Task<long> Add(string asked)
        {
            Asked.Add(asked);
            return Task.FromResult(0L);
        }
    }
}
