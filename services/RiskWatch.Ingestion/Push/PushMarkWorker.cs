using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Hosting;
using RiskWatch.Core.Log;
using RiskWatch.Core.Privacy;
using RiskWatch.Core.Status;
using RiskWatch.Ingestion.Replay;

namespace RiskWatch.Ingestion.Push;

/// <summary>Writes the marks of the pushed sources whose shares this process owns, each minute, records or none (LOG §3.1), and reports how they do.</summary>
internal sealed class PushMarkWorker(
    IEventLog log,
    IControlTable control,
    IPseudonymSecrets secrets,
    PushCounters counters,
    ISourceStatusRegistry statuses,
    TimeProvider time,
    IOptions<IngestionOptions> options,
    InstanceName instance,
    ILogger<PushMarkWorker> logger) : BackgroundService
{
    // What a look costs is nothing beside what a late one costs: every site that is pushed to waits for its minute's mark.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<int, Dictionary<string, PushMark>> _shares = [];
    private readonly HashSet<string> _silent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unwaited = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), new Random(2));
    private long _lastMinute = long.MinValue;

    /// <summary>One look: takes over or gives up shares, and writes the minute's marks where they are due.</summary>
    internal async Task StepAsync(ILogMember member, CancellationToken cancel)
    {
        var batch = await member.ReadAsync(1, TimeSpan.Zero, TimeSpan.Zero, cancel).ConfigureAwait(false);
        TakeOwnership(batch);
        var now = time.GetUtcNow();
        var minute = now.ToUnixTimeSeconds() / 60;
        if (minute <= _lastMinute || _shares.Count == 0)
        {
            return;
        }

        secrets.DestroyOver();
        var configured = control.Latest.All(ControlKind.Source, now).Select(e => e.Source).OfType<SourceDefinition>().ToLookup(s => s.Kind == SourceKinds.Push);
        var outputs = new List<LogOutput>();
        var changes = new List<StateChange>();
        var shares = log.PartitionsOf(Topics.Leases);
        var decided = new List<(int Share, Mark Mark)>();
        foreach (var (share, held) in _shares)
        {
            var own = configured[true].Where(s => PartitionHash.Of(s.Name, shares) == share).ToList();
            foreach (var mark in PushMarks.Decide(held.Values, own, now, control.Offset))
            {
                decided.Add((share, mark));
                outputs.Add(Entries.Of(mark));
            }
        }

        // An ended mark of a source that moved to another site comes before its new one, so the last change of a key holds.
        foreach (var (share, mark) in decided)
        {
            var value = mark.Ended ? null : JsonSerializer.SerializeToUtf8Bytes(new PushMark(mark.Site, mark.Source, mark.Minute), IngestionJson.Default.PushMark);
            changes.RemoveAll(c => c.Partition == share && c.Key == PushMark.Prefix + mark.Source);
            changes.Add(new StateChange(share, PushMark.Prefix + mark.Source, value is null ? (ReadOnlyMemory<byte>?)null : value));
        }

        if (outputs.Count > 0)
        {
            await batch.CommitAsync(outputs, changes, cancel).ConfigureAwait(false);
        }

        _lastMinute = minute;
        decided.ForEach(d => Committed(d.Share, d.Mark));
        Report(configured, now);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var shares = IngestionService.Shares;
            await using var member = log.Join(new MembershipOptions(shares.Group, shares.Input, shares.StateTopic, instance.Value + "/marks"));
            using var timer = new PeriodicTimer(Step, time);
            do
            {
                await GuardedStepAsync(member, stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task GuardedStepAsync(ILogMember member, CancellationToken cancel)
    {
        try
        {
            await StepAsync(member, cancel).ConfigureAwait(false);
            if (_backoff.Failures > 0)
            {
                IngestionLog.Recovered(logger, _backoff.Failures);
                _backoff.Reset();
            }
        }
        catch (FencedException)
        {
            await StartAgainAsync(member, null, cancel).ConfigureAwait(false);
        }
        catch (TransientLogException e)
        {
            await StartAgainAsync(member, e, cancel).ConfigureAwait(false);
        }
    }

    private async Task StartAgainAsync(ILogMember member, TransientLogException? error, CancellationToken cancel)
    {
        _shares.Clear();
        while (true)
        {
            if (error is not null)
            {
                if (_backoff.Failures == 0)
                {
                    IngestionLog.Waiting(logger, error.Message);
                }

                await Task.Delay(_backoff.Next(), time, cancel).ConfigureAwait(false);
            }

            try
            {
                await member.RewindAsync(cancel).ConfigureAwait(false);
                return;
            }
            catch (TransientLogException e)
            {
                error = e;
            }
        }
    }

    private void TakeOwnership(LogBatch batch)
    {
        foreach (var share in batch.Revoked)
        {
            _shares.Remove(share);
            IngestionLog.ShareLost(logger, share, "it went to another process");
        }

        foreach (var assignment in batch.Assigned)
        {
            _shares[assignment.Partition] = assignment.State
                .Where(s => s.Key.StartsWith(PushMark.Prefix, StringComparison.Ordinal))
                .Select(s => JsonSerializer.Deserialize(s.Value.Span, IngestionJson.Default.PushMark)!)
                .ToDictionary(m => m.Source, StringComparer.Ordinal);
            IngestionLog.ShareGained(logger, assignment.Partition);
            _lastMinute = long.MinValue;
        }
    }

    private void Committed(int share, Mark mark)
    {
        if (mark.Ended)
        {
            _shares[share].Remove(mark.Source);
            statuses.Forget(mark.Source);
            IngestionLog.SourceEnded(logger, mark.Source);
        }
        else
        {
            _shares[share][mark.Source] = new PushMark(mark.Site, mark.Source, mark.Minute);
        }
    }

    private void Report(ILookup<bool, SourceDefinition> configured, DateTimeOffset now)
    {
        foreach (var source in configured[false].Where(s => counters.Of(s.Name).Records > 0))
        {
            statuses.Report(PushMarks.WithoutClock(source, counters.Of(source.Name)));
        }

        foreach (var source in configured[true])
        {
            var count = counters.Of(source.Name);
            if (_shares.Values.Select(s => s.GetValueOrDefault(source.Name)).FirstOrDefault(m => m is not null) is not { } mark)
            {
                continue;
            }

            var status = PushMarks.Status(source, count, mark.Minute, _started, now, options.Value.SilentAfter);
            statuses.Report(status);
            if (status.State == SourceState.Silent && _silent.Add(source.Name))
            {
                IngestionLog.SourceSilent(logger, source.Name, count.LastReceived ?? _started);
            }
            else if (status.State != SourceState.Silent && _silent.Remove(source.Name))
            {
                IngestionLog.SourceBack(logger, source.Name);
            }

            if (source.Delay > PushMarks.LongestDelay && _unwaited.Add(source.Name))
            {
                IngestionLog.SourceNotWaitedFor(logger, source.Name, source.Delay.Value);
            }
        }
    }
}
