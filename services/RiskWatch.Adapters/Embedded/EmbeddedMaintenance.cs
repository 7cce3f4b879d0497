using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded;

/// <summary>Once a minute: retention and compaction of the embedded log.</summary>
internal sealed class EmbeddedMaintenance(SqliteEventLog log, TimeProvider time, ILogger<EmbeddedMaintenance> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await log.MaintainAsync(time.GetUtcNow(), stoppingToken).ConfigureAwait(false);
            }
            catch (TransientLogException e)
            {
                AdaptersLog.MaintenanceFailed(logger, e.Message);
            }
        }
    }
}
