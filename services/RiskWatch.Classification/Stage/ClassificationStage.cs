using Microsoft.Extensions.Logging;
using RiskWatch.Classification.Claims;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Sketches;

namespace RiskWatch.Classification.Stage;

/// <summary>
/// Records in, scored records and tallies out (LOG §3–§6). Assesses each version once, keeps what it added so that edits, deletions, the crowd's doubt and
/// people's corrections take it back exactly, keeps each site's clock from its sources' marks, and forwards it.
/// </summary>
internal sealed class ClassificationStage : IStage
{
    /// <summary>Name and input.</summary>
    public static readonly StageDefinition Stage = new("classification", Topics.Records, HasState: true, DeadLetters: true);

    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);

    private readonly ClaimBook _claims;
    private readonly IControlTable _control;
    private readonly ClassificationOptions _options;
    private readonly HeldContributions _held;
    private readonly ClassificationMetrics _metrics;
    private readonly ILogger _logger;
    private readonly SortedDictionary<int, PartitionState> _partitions = [];
    private readonly TallyBatch _tallies = new();
    private readonly RecordFlow _records;

    public ClassificationStage(IClassifier classifier, ClaimBook claims, IControlTable control, ClassificationOptions options, HeldContributions held, ClassificationMetrics metrics, ILogger<ClassificationStage> logger)
    {
        _claims = claims;
        _control = control;
        _options = options;
        _held = held;
        _metrics = metrics;
        _logger = logger;
        _records = new RecordFlow(classifier, _tallies, options);
    }

    /// <inheritdoc/>
    public StageDefinition Definition => Stage;

    /// <inheritdoc/>
    public void Assign(PartitionAssignment assignment)
    {
        Revoke(assignment.Partition);
        _partitions[assignment.Partition] = PartitionState.Restore(assignment, _held);
    }

    /// <inheritdoc/>
    public void Revoke(int partition)
    {
        if (_partitions.Remove(partition, out var state))
        {
            state.Contributions.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StageResult> HandleAsync(IReadOnlyList<LogMessage> batch, CancellationToken cancel)
    {
        var result = new StageResult();
        _records.Outputs = result.Outputs;
        _tallies.Clear();
        foreach (var state in _partitions.Values)
        {
            state.Marks.Forward.Clear();
        }

        for (var i = 0; i < batch.Count; i++)
        {
            try
            {
                await HandleAsync(batch[i], cancel).ConfigureAwait(false);
            }
            catch (PoisonException e)
            {
                // Thrown before the entry has touched anything.
                result.Poison.Add(new PoisonEntry(e.Entry, e.Reason, e.Message));
            }
        }

        KeepBounds(batch);

        // Tallies before clocks: a clock closes ticks, and what it closes must lie before it.
        _tallies.Flush(result.Outputs);
        foreach (var state in _partitions.Values)
        {
            foreach (var clock in state.Marks.Forward)
            {
                result.Outputs.Add(Entries.Of(clock));
            }

            state.Flush(result.StateChanges);
        }

        _records.TakeOutcomes(_metrics.Record);
        return result;
    }

    private ValueTask HandleAsync(LogMessage message, CancellationToken cancel)
    {
        NewerSchemaException.ThrowIfNewer(message);
        var state = _partitions[message.Partition];
        return message.Type switch
        {
            EntryTypes.Record => RecordAsync(state, message, cancel),
            EntryTypes.Mark => MarkAsync(state, Entries.Read(message, ContractsJson.Default.Mark), cancel),
            EntryTypes.Correction => CorrectionAsync(state, message, cancel),
            _ => throw new PoisonException(message, DeadLetterReason.Malformed, $"Unknown type of entry '{message.Type}'."),
        };
    }

    // Without a state machine per record where nothing has to be waited for, which is nearly always.
    private ValueTask RecordAsync(PartitionState state, LogMessage message, CancellationToken cancel)
    {
        var record = Entries.ReadRecord(message);
        if (record.Id.Length == 0 || record.Source.Length == 0)
        {
            throw new PoisonException(message, DeadLetterReason.MissingField, record.Id.Length == 0 ? "id is empty." : "source is empty.");
        }

        if (record.Deleted)
        {
            return DeletionAsync(state, message, record, cancel);
        }

        if (record.Published > (record.Received ?? message.AppendedAt) + MostAhead)
        {
            throw new PoisonException(message, DeadLetterReason.FromTheFuture, "published is more than 5 minutes ahead of received.");
        }

        var source = state.Marks.Source(record.Site, record.Source);
        if (source.View is not { } view)
        {
            return FirstOfViewAsync(state, message, record, source, cancel);
        }

        Version(state, message, record, source, view);
        return ValueTask.CompletedTask;
    }

    private async ValueTask DeletionAsync(PartitionState state, LogMessage message, Record record, CancellationToken cancel)
    {
        var (of, lateness) = await HolderAsync(state, record.Site, record.Source, record.Id, cancel).ConfigureAwait(false);
        _records.Deletion(state, message, record, of, lateness);
    }

    private async ValueTask FirstOfViewAsync(PartitionState state, LogMessage message, Record record, SourceMark source, CancellationToken cancel) =>
        Version(state, message, record, source, await ViewAsync(source, cancel).ConfigureAwait(false));

    private void Version(PartitionState state, LogMessage message, Record record, SourceMark source, ControlView view)
    {
        var site = SiteAt(view, record.Site, record.Published)
            ?? throw new PoisonException(message, DeadLetterReason.UnknownSource, $"No site '{record.Site}' takes source '{record.Source}'.");
        _records.Version(state, message, record, source, site, KnowsAuthors(view, record.Source, record.Published), _claims.Of(view));
    }

    private async ValueTask CorrectionAsync(PartitionState state, LogMessage message, CancellationToken cancel)
    {
        var correction = Entries.Read(message, ContractsJson.Default.Correction);
        var (source, lateness) = await HolderAsync(state, "", correction.Source, correction.RecordId, cancel).ConfigureAwait(false);
        _records.Correction(state, message, correction, source, lateness);
    }

    private async ValueTask MarkAsync(PartitionState state, Mark mark, CancellationToken cancel)
    {
        if (!state.Marks.Take(mark))
        {
            return;
        }

        var clock = state.Marks.Clock(mark.Site);
        var minute = clock.Minute!.Value;
        var view = await _control.AtAsync(clock.ControlOffset, cancel).ConfigureAwait(false);
        var lateness = SiteAt(view, mark.Site, EventTime.Of(minute))?.Lateness ?? RecordFlow.DefaultLateness;
        var through = EventTime.LastHourBefore(minute, lateness);
        if (through > clock.GoneThrough)
        {
            clock.GoneThrough = through;
            clock.Changed = true;
            var site = state.Strings.ShortOf(mark.Site);
            state.Contributions.DropThrough(site, through);
            state.Doubts.DropThrough(site, through);
        }
    }

    // A deletion or correction may not name the site; what is held of the record knows it.
    private async ValueTask<(SourceMark Source, TimeSpan Lateness)> HolderAsync(PartitionState state, string site, string source, string id, CancellationToken cancel)
    {
        var hash = SketchHash.OfRecord(source, id);
        var known = state.Contributions.TryGet(hash, out _, out var held) ? held : state.Doubts.SiteOf(hash);
        var mark = state.Marks.Find(known is { } number ? state.Strings[number] : site, source);
        var view = mark.View ?? await ViewAsync(mark, cancel).ConfigureAwait(false);
        return (mark, SiteAt(view, mark.Site.Site, EventTime.Of(mark.Stamp))?.Lateness ?? RecordFlow.DefaultLateness);
    }

    private async ValueTask<ControlView> ViewAsync(SourceMark source, CancellationToken cancel) =>
        source.View = await _control.AtAsync(source.UsedOffset, cancel).ConfigureAwait(false);

    private ControlEntry? EntryAt(ControlView view, ControlKind kind, string id, DateTimeOffset time)
    {
        if (view.At(kind, id, time) is { } entry)
        {
            return entry;
        }

        // The edge knew it when it stamped the record. Before its first mark, and for events from before it began to hold, its first version judges:
        // that too depends on the log alone.
        var first = view.First(kind, id);
        return first is null ? _control.Latest.First(kind, id) : first.EffectiveFrom > time ? first : null;
    }

    private Site? SiteAt(ControlView view, string site, DateTimeOffset time) => EntryAt(view, ControlKind.Site, site, time)?.Site;

    private bool KnowsAuthors(ControlView view, string source, DateTimeOffset time) => EntryAt(view, ControlKind.Source, source, time)?.Source?.KnowsAuthors ?? true;

    private void KeepBounds(IReadOnlyList<LogMessage> batch)
    {
        while (_held.Count > _options.MaxHeldContributions && DropOldestHour())
        {
        }

        foreach (var state in _partitions.Values)
        {
            while (state.Doubts.Count > _options.MaxWaitingDoubts && state.Doubts.Oldest is { } oldest)
            {
                state.Doubts.Drop(oldest);
                ClassificationLog.DroppedDoubts(_logger, state.Partition, state.Strings[oldest.Site], EventTime.Of(oldest.Hour * 60));
                _metrics.DroppedEarly("doubts", 1);
            }

            if (state.Deleted.Prune(state.LatestReceived, _options.MaxDeletedIds) is var forgotten and > 0)
            {
                ClassificationLog.ForgotDeletions(_logger, state.Partition, forgotten);
                _metrics.DroppedEarly("deletions", forgotten);
            }

            if (batch.Count > 0 && !state.Corrections.IsEmpty)
            {
                state.Corrections.Prune(batch[^1].AppendedAt);
            }
        }
    }

    private bool DropOldestHour()
    {
        PartitionState? holder = null;
        (int Site, long Hour) oldest = (0, long.MaxValue);
        foreach (var state in _partitions.Values)
        {
            if (state.Contributions.Oldest is { } found && found.Hour < oldest.Hour)
            {
                (holder, oldest) = (state, found);
            }
        }

        if (holder is null)
        {
            return false;
        }

        var site = holder.Strings[oldest.Site];
        var clock = holder.Marks.Clock(site);
        clock.DroppedEarlyThrough = Math.Max(clock.DroppedEarlyThrough, oldest.Hour);
        clock.Changed = true;
        var count = holder.Contributions.Drop(oldest);
        ClassificationLog.DroppedContributions(_logger, holder.Partition, count, site, EventTime.Of(oldest.Hour * 60));
        _metrics.DroppedEarly("contributions", count);
        return true;
    }
}
