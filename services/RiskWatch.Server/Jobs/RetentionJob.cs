using Quartz;
using RiskWatch.Core.Store;

namespace RiskWatch.Server.Jobs;

/// <summary>Deletes from the store what is older than the retention options keep. Doing it twice is harmless, so several instances may run it.</summary>
[DisallowConcurrentExecution]
internal sealed class RetentionJob(IStore store, RetentionOptions options, TimeProvider time, ILogger<RetentionJob> logger) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(cancellationToken);
        }
        catch (TransientStoreException e)
        {
            JobsLog.RetentionFailed(logger, e.Message);
        }
    }

    /// <summary>Deletes now.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var records = await store.PruneRecordsAsync(new RecordCut(now - options.Records) { Except = [.. options.Sites.Keys] }, cancel);
        foreach (var (site, kept) in options.Sites)
        {
            records += await store.PruneRecordsAsync(new RecordCut(now - kept, site), cancel);
        }

        var alerts = await store.PruneAlertsAsync(now - options.Alerts, cancel);
        var hours = await store.PruneTrendsAsync(now - options.Trends, cancel);
        JobsLog.RetentionDone(logger, records, alerts, hours);
    }
}
