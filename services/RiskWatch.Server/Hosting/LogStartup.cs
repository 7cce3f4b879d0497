using RiskWatch.Adapters.Elasticsearch;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Contracts;
using RiskWatch.Core.Hosting;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;
using RiskWatch.Server.Jobs;

namespace RiskWatch.Server.Hosting;

/// <summary>What must be there before any stage runs: topics, the built-in control entries, the store's tables.</summary>
internal sealed class LogStartup(IEventLog log, IEnumerable<IStore> stores, IEnumerable<StageRegistration> stages, TopologyOptions topology, BuiltInEntries builtIn, IEnumerable<DataLock> locks, RunningRoles roles, StartPatience patience, TimeProvider time, ILogger<LogStartup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Taken by being resolved, before anything is written.
        _ = locks.Count();
        var topics = topology.Topics(stages.Select(s => s.Definition));
        await WaitingAsync(() => log.EnsureTopicsAsync(topics, cancellationToken), log is KafkaEventLog, cancellationToken);
        await WaitingAsync(() => WriteBuiltInControlAsync(cancellationToken), log is KafkaEventLog, cancellationToken);
        foreach (var store in stores.Where(_ => roles.NeedStore))
        {
            await WaitingAsync(() => store.PrepareAsync(cancellationToken), store is ElasticsearchStore, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Machines start in any order: servers may come later than this process, or be away for a moment just now.
    private async Task WaitingAsync(Func<Task> act, bool onServers, CancellationToken cancel)
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15), new Random());
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await act();
                return;
            }
            catch (Exception e) when (e is TransientStoreException or TransientLogException && onServers && time.GetElapsedTime(started) < patience.Longest)
            {
                JobsLog.StartWaits(logger, e.Message);
                await Task.Delay(backoff.Next(), time, cancel);
            }
        }
    }

    // Two processes that start at once may both write them: the same key and version is the same entry.
    private async Task WriteBuiltInControlAsync(CancellationToken cancel)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        await using (var tail = log.Tail(Topics.Control, fromBeginning: true))
        {
            while (!tail.CaughtUp)
            {
                foreach (var message in await tail.ReadAsync(TimeSpan.FromMilliseconds(100), cancel))
                {
                    held.Add(message.Key ?? "");
                }
            }
        }

        var missing = builtIn.Entries.Where(e => !held.Contains(e.Key())).Select(Entries.Of).ToList();
        if (missing.Count > 0)
        {
            await log.AppendAsync(missing, cancel);
        }
    }
}

/// <summary>How long a start waits for servers that are not there yet.</summary>
internal sealed record StartPatience(TimeSpan Longest);

/// <summary>Control entries that come with the product.</summary>
internal sealed record BuiltInEntries(IReadOnlyList<ControlEntry> Entries);
