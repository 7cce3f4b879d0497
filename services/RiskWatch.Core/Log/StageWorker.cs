using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RiskWatch.Contracts;
using RiskWatch.Core.Ingest;
using RiskWatch.Core.Privacy;
using RiskWatch.Core.Store;

namespace RiskWatch.Core.Log;

/// <summary>
/// The one consuming loop (STYLE §2): read, handle, one atomic commit of outputs, state and positions. Transient failures back off and commit nothing;
/// poison is dead-lettered where the stage allows it; a lost partition starts again from what is committed; anything else stops the host.
/// </summary>
public sealed class StageWorker : BackgroundService
{
    private static readonly TimeSpan MostWork = TimeSpan.FromSeconds(1);

    private readonly IEventLog _log;
    private readonly IStage _stage;
    private readonly StageWorkerOptions _options;
    private readonly IDeadLetterVault _vault;
    private readonly StageMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _memberId;
    private readonly Backoff _backoff;

    // Read but not committed: a stage may put a commit off, and its outputs wait here.
    private readonly List<LogOutput> _outputs = [];
    private readonly Dictionary<(int Partition, string Key), StateChange> _stateChanges = [];
    private readonly Dictionary<(int Partition, long Offset), PoisonException> _poison = [];
    private readonly HashSet<int> _owned = [];
    private IReadOnlyList<LogMessage> _handling = [];
    private int _received;
    private DateTimeOffset? _oldest;
    private int _batchSize;
    private string? _waitingFor;

    public StageWorker(IEventLog log, IStage stage, string memberId, StageWorkerOptions options, IDeadLetterVault vault, StageMetrics metrics, TimeProvider time, ILogger<StageWorker> logger)
    {
        _log = log;
        _stage = stage;
        _memberId = memberId;
        _options = options;
        _vault = vault;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _batchSize = options.MaxBatch;
        _backoff = new Backoff(TimeSpan.FromMilliseconds(200), options.LongestBackoff, new Random(memberId.Length));
    }

    private StageDefinition Definition => _stage.Definition;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            _metrics.Waits(Definition.Name, _memberId, false);
            await using var member = _log.Join(new MembershipOptions(Definition.Group, Definition.Input, Definition.StateTopic, _memberId));
            while (!stoppingToken.IsCancellationRequested)
            {
                await StepAsync(member, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is not (LogConfigurationException or StoreConfigurationException or IngestionConfigurationException))
        {
            // What only an operator can change is told once, by the host that stops.
            StageLog.Stopped(_logger, e, Definition.Name, e.Message);
            throw;
        }
    }

    private async Task StepAsync(ILogMember member, CancellationToken cancel)
    {
        try
        {
            var batch = await member.ReadAsync(_batchSize, _options.MaxWait, _options.Linger, cancel).ConfigureAwait(false);
            await HandleAsync(batch, cancel).ConfigureAwait(false);
        }
        catch (PoisonException e) when (Definition.DeadLetters && !_poison.ContainsKey((e.Entry.Partition, e.Entry.Offset)))
        {
            // Handled half-way, the batch may have touched the stage's state: start again without the poisonous entry.
            _poison[(e.Entry.Partition, e.Entry.Offset)] = e;
            await StartAgainAsync(member, "poison", cancel).ConfigureAwait(false);
        }
        catch (OversizedEntryException e) when (Definition.DeadLetters && (_handling.Count > 1 || !_poison.ContainsKey((_handling[0].Partition, _handling[0].Offset))))
        {
            // Which of the entries became too large shows when each is handled alone.
            if (_handling is [var entry])
            {
                _poison[(entry.Partition, entry.Offset)] = new PoisonException(entry, DeadLetterReason.Oversized, e.Message);
            }

            _batchSize = 1;
            await StartAgainAsync(member, "poison", cancel).ConfigureAwait(false);
        }
        catch (FencedException e)
        {
            StageLog.Fenced(_logger, Definition.Name, _memberId, e.Message);
            await StartAgainAsync(member, "fenced", cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TransientLogException or TransientStoreException)
        {
            WaitFor(e.Message);
            await Task.Delay(_backoff.Next(), _time, cancel).ConfigureAwait(false);
            await StartAgainAsync(member, "transient", cancel).ConfigureAwait(false);
        }
    }

    private async Task HandleAsync(LogBatch batch, CancellationToken cancel)
    {
        TakeOwnership(batch);
        if (batch.Messages.Count == 0)
        {
            return;
        }

        foreach (var message in batch.Messages)
        {
            NewerSchemaException.ThrowIfNewer(message);
        }

        _handling = batch.Messages;
        var started = _time.GetTimestamp();
        using var activity = StageTracing.Start(Definition.Name, batch.Messages);
        _oldest = batch.Messages.Min(m => m.AppendedAt) is var oldest && oldest < _oldest ? oldest : _oldest ?? oldest;
        var result = await _stage.HandleAsync(WithoutPoison(batch.Messages), cancel).ConfigureAwait(false);
        Collect(batch.Messages.Count, result);
        if (result.EarlyOutputs.Count > 0)
        {
            await _log.AppendAsync(result.EarlyOutputs, cancel).ConfigureAwait(false);
        }

        if (!result.Commit)
        {
            return;
        }

        var committing = _time.GetTimestamp();
        await batch.CommitAsync(_outputs, [.. _stateChanges.Values], cancel).ConfigureAwait(false);
        var took = _time.GetElapsedTime(started);
        _metrics.Committed(Definition.Name, _received, _outputs.Count, took, _time.GetElapsedTime(committing));
        _metrics.Age(Definition.Name, _time.GetUtcNow() - (_oldest ?? _time.GetUtcNow()));
        DropUncommitted();
        _poison.Clear();
        Adapt(took, batch.Messages.Count);
        if (_waitingFor is not null)
        {
            StageLog.Recovered(_logger, Definition.Name, _backoff.Failures);
            _metrics.Waits(Definition.Name, _memberId, false);
            _waitingFor = null;
        }

        _backoff.Reset();
    }

    private void TakeOwnership(LogBatch batch)
    {
        if (batch.Revoked.Count > 0 || batch.Assigned.Any(a => _owned.Contains(a.Partition)))
        {
            // The log dropped what was read and not committed, so what was made of it must go too. Partitions that only join leave it alone.
            DropUncommitted();
        }

        foreach (var partition in batch.Revoked)
        {
            _owned.Remove(partition);
            _stage.Revoke(partition);
            StageLog.Revoked(_logger, Definition.Name, _memberId, partition);
        }

        foreach (var assignment in batch.Assigned)
        {
            _owned.Add(assignment.Partition);
            _stage.Assign(assignment);
            StageLog.Assigned(_logger, Definition.Name, _memberId, assignment.Partition, assignment.State.Count);
        }
    }

    private IReadOnlyList<LogMessage> WithoutPoison(IReadOnlyList<LogMessage> messages)
    {
        if (_poison.Count == 0)
        {
            return messages;
        }

        var clean = new List<LogMessage>(messages.Count);
        foreach (var message in messages)
        {
            if (_poison.TryGetValue((message.Partition, message.Offset), out var poison))
            {
                DeadLetter(message, poison.Reason, poison.Message);
            }
            else
            {
                clean.Add(message);
            }
        }

        return clean;
    }

    private void Collect(int received, StageResult result)
    {
        _received += received;
        _outputs.AddRange(result.Outputs);
        foreach (var change in result.StateChanges)
        {
            _stateChanges[(change.Partition, change.Key)] = change;
        }

        foreach (var poison in result.Poison)
        {
            DeadLetter(poison.Entry, poison.Reason, poison.Detail);
        }
    }

    private void DeadLetter(LogMessage entry, DeadLetterReason reason, string detail)
    {
        var origin = new DeadLetterOrigin(entry.Topic, entry.Partition, entry.Offset);
        var raw = entry.Value ?? Encoding.UTF8.GetBytes(entry.Key ?? "");
        _outputs.Add(Entries.Of(DeadLetters.Of(_vault, raw.Span, reason, detail, Definition.Name, origin, entry.AppendedAt)));
        _metrics.Dropped(Definition.Name, reason.ToString());
        StageLog.DeadLettered(_logger, Definition.Name, entry.Topic, entry.Partition, entry.Offset, reason.ToString(), detail);
    }

    private async Task StartAgainAsync(ILogMember member, string reason, CancellationToken cancel)
    {
        _metrics.Failed(Definition.Name, reason);
        DropUncommitted();
        while (true)
        {
            try
            {
                await member.RewindAsync(cancel).ConfigureAwait(false);
                return;
            }
            catch (TransientLogException e)
            {
                WaitFor(e.Message);
                await Task.Delay(_backoff.Next(), _time, cancel).ConfigureAwait(false);
            }
        }
    }

    private void WaitFor(string reason)
    {
        if (_waitingFor == reason)
        {
            return;
        }

        _waitingFor = reason;
        _metrics.Waits(Definition.Name, _memberId, true);
        StageLog.Waiting(_logger, Definition.Name, reason);
    }

    private void DropUncommitted()
    {
        _outputs.Clear();
        _stateChanges.Clear();
        _received = 0;
        _oldest = null;
    }

    private void Adapt(TimeSpan took, int size)
    {
        if (took > MostWork)
        {
            _batchSize = Math.Max(100, Math.Min(_batchSize, size) / 2);
        }
        else if (took < MostWork / 3)
        {
            _batchSize = Math.Min(_options.MaxBatch, _batchSize + (_batchSize / 4) + 1);
        }
    }
}
