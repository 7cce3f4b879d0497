using RiskWatch.Adapters.Elasticsearch;
using RiskWatch.Contracts;
using RiskWatch.Core.Hosting;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;
using RiskWatch.Server.Jobs;

namespace RiskWatch.Server.Hosting;

/// <summary>What must be there before any stage runs: topics, the built-in control entries, the store's tables.</summary>
internal sealed class LogStartup(IEventLog log, IEnumerable<IStore> stores, IEnumerable<StageRegistration> stages, TopologyOptions topology, BuiltInEntries builtIn, IEnumerable<DataLock> locks, TimeProvider time, ILogger<LogStartup> logger) : IHostedService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Taken by being resolved, before anything is written.
        _ = locks.Count();
        await log.EnsureTopicsAsync(topology.Topics(stages.Select(s => s.Definition)), cancellationToken);
        await WriteBuiltInControlAsync(cancellationToken);
        foreach (var store in stores)
        {
            await PrepareAsync(store, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Machines start in any order: a store on servers of its own may come later than this process.
    private async Task PrepareAsync(IStore store, CancellationToken cancel)
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15), new Random());
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await store.PrepareAsync(cancel);
                return;
            }
            catch (TransientStoreException e) when (store is ElasticsearchStore && time.GetElapsedTime(started) < LongestWait)
            {
                JobsLog.WaitingForStore(logger, e.Message);
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

/// <summary>Control entries that come with the product.</summary>
internal sealed record BuiltInEntries(IReadOnlyList<ControlEntry> Entries);
