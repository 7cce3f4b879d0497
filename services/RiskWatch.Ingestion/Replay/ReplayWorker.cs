using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Ingest;
using RiskWatch.Core.Log;
using RiskWatch.Core.Privacy;
using RiskWatch.Core.Status;

namespace RiskWatch.Ingestion.Replay;

/// <summary>
/// Feeds a replay into the log as the owner of share 0: each commit carries records, marks, dead letters and the cursor in one step, so that a replay that is
/// killed anywhere and started again writes exactly what an undisturbed one writes.
/// </summary>
public sealed class ReplayWorker(
    IEventLog log,
    IControlTable control,
    IDeadLetterVault vault,
    ISourceStatusRegistry statuses,
    StageMetrics metrics,
    TimeProvider time,
    IOptions<IngestionOptions> options,
    ILogger<ReplayWorker> logger)
{
    private const int Share = 0;
    private static readonly TimeSpan LagPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OwnershipWait = TimeSpan.FromSeconds(1);

    private readonly IngestionOptions _options = options.Value;
    private readonly Backpressure _pressure = new(log, time, TimeSpan.Zero);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), new Random(1));

    /// <summary>Runs to the end of the input, or goes on where an earlier run of the same input stopped. The control table must be loaded.</summary>
    /// <returns>The final progress.</returns>
    /// <exception cref="IngestionConfigurationException">A file, mapping or site is not usable, or the data directory holds the replay of another input.</exception>
    public async Task<ReplayProgress> RunAsync(ReplayRequest request, Action<ReplayProgress>? progress, CancellationToken cancel)
    {
        if (request.Site is not null && control.Latest.Site(request.Site, time.GetUtcNow()) is null)
        {
            throw new IngestionConfigurationException($"There is no site '{request.Site}'; there are: {string.Join(", ", control.Latest.All(ControlKind.Site, time.GetUtcNow()).Select(e => e.EntityId))}.");
        }

        var plan = ReplayPlan.Make(request, _options.LongestRecord, cancel);
        IngestionLog.ReplayPlanned(logger, request.Files.Count, plan.Rows, plan.Sources.Count);
        var run = new Run(plan, request, new ReplayPace(request, time));
        try
        {
            await using var member = log.Join(new MembershipOptions(IngestionService.Shares.Group, IngestionService.Shares.Input, IngestionService.Shares.StateTopic, "replay"));
            while (run.Session?.Cursor is not { Done: true } || !run.Committed)
            {
                await StepAsync(member, run, progress, cancel).ConfigureAwait(false);
            }

            var last = Progress(run);
            IngestionLog.ReplayFinished(logger, last.Accepted, last.Refused);
            return last;
        }
        finally
        {
            run.Session?.Dispose();
        }
    }

    private async Task StepAsync(ILogMember member, Run run, Action<ReplayProgress>? progress, CancellationToken cancel)
    {
        try
        {
            var batch = await member.ReadAsync(1, run.Session is null ? OwnershipWait : TimeSpan.Zero, TimeSpan.Zero, cancel).ConfigureAwait(false);
            TakeOwnership(batch, run, cancel);
            if (run.Session is not { } session || session.Cursor.Done)
            {
                return;
            }

            await RoomAsync(run, cancel).ConfigureAwait(false);
            var outputs = new List<LogOutput>();
            var rows = session.Cursor.Rows;
            session.Fill(outputs, run.Pace.Rows(rows, _options.ReplayBatch), run.Pace.Until(session.Cursor.Time));
            await run.Pace.WaitAsync(outputs.Count, session.Cursor, cancel).ConfigureAwait(false);
            if (outputs.Count == 0 && !session.Cursor.Done)
            {
                return;
            }

            run.Committed = false;
            var started = time.GetTimestamp();
            await batch.CommitAsync(outputs, [new StateChange(Share, ReplayCursor.StateKey, session.Cursor.ToBytes())], cancel).ConfigureAwait(false);
            run.Committed = true;
            metrics.Committed(IngestionService.Stage, (int)(session.Cursor.Rows - rows), outputs.Count, time.GetElapsedTime(started));
            foreach (var reason in session.BatchRefusals)
            {
                metrics.Dropped(IngestionService.Stage, reason.ToString());
            }

            if (_backoff.Failures > 0)
            {
                IngestionLog.Recovered(logger, _backoff.Failures);
                _backoff.Reset();
            }

            Report(run);
            progress?.Invoke(Progress(run));
        }
        catch (FencedException e)
        {
            metrics.Failed(IngestionService.Stage, "fenced");
            IngestionLog.ShareLost(logger, Share, e.Message);
            run.Drop();
            await RewindAsync(member, cancel).ConfigureAwait(false);
        }
        catch (TransientLogException e)
        {
            metrics.Failed(IngestionService.Stage, "transient");
            if (_backoff.Failures == 0)
            {
                IngestionLog.Waiting(logger, e.Message);
            }

            run.Drop();
            await Task.Delay(_backoff.Next(), time, cancel).ConfigureAwait(false);
            await RewindAsync(member, cancel).ConfigureAwait(false);
        }
    }

    private async Task RewindAsync(ILogMember member, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await member.RewindAsync(cancel).ConfigureAwait(false);
                return;
            }
            catch (TransientLogException)
            {
                await Task.Delay(_backoff.Next(), time, cancel).ConfigureAwait(false);
            }
        }
    }

    private void TakeOwnership(LogBatch batch, Run run, CancellationToken cancel)
    {
        if (batch.Revoked.Contains(Share))
        {
            run.Drop();
        }

        if (batch.Assigned.FirstOrDefault(a => a.Partition == Share) is not { } assignment)
        {
            return;
        }

        var cursor = assignment.State.TryGetValue(ReplayCursor.StateKey, out var bytes) ? ReplayCursor.Of(bytes.Span) : new ReplayCursor(run.Plan.Fingerprint);
        if (cursor.Fingerprint != run.Plan.Fingerprint)
        {
            throw new IngestionConfigurationException("The data directory holds the replay of another input (other files, mapping or site): give an empty --data directory, or the same input to go on with it.");
        }

        if (cursor.Rows > 0)
        {
            IngestionLog.ReplayResumed(logger, cursor.Rows);
        }

        run.Drop();
        run.Session = new ReplaySession(run.Plan, run.Request.Site, cursor, control, vault, _options.LargestEntry, cancel);
        run.Committed = true;
        if (cursor.Done)
        {
            Report(run);
        }
    }

    private async Task RoomAsync(Run run, CancellationToken cancel)
    {
        // Asked once in a while only; the lag may overshoot by what is written in between.
        if (run.SinceLagCheck++ % 8 != 0)
        {
            return;
        }

        while (true)
        {
            var full = _pressure.IsFull;
            if (full && !run.ToldFull)
            {
                IngestionLog.Waiting(logger, "the log is at its size limit, until what every stage has passed is dropped");
            }

            run.ToldFull = full;
            if (!full && await _pressure.LagAsync(cancel).ConfigureAwait(false) <= _options.ReplayMaxLag)
            {
                return;
            }

            await Task.Delay(LagPoll, time, cancel).ConfigureAwait(false);
        }
    }

    private void Report(Run run)
    {
        foreach (var status in run.Session!.Sources())
        {
            statuses.Report(status);
        }
    }

    private static ReplayProgress Progress(Run run)
    {
        var cursor = run.Session!.Cursor;
        return new ReplayProgress(cursor.Rows, run.Plan.Rows, cursor.Accepted, cursor.Rows - cursor.Accepted, cursor.Time, cursor.Minute, [.. run.Session.Sources().Select(s => s.Site).Distinct()], run.Session.Refused, cursor.Done);
    }

    /// <summary>What belongs to one run.</summary>
    private sealed class Run(ReplayPlan plan, ReplayRequest request, ReplayPace pace)
    {
        public ReplayPlan Plan { get; } = plan;

        public ReplayRequest Request { get; } = request;

        public ReplayPace Pace { get; } = pace;

        public ReplaySession? Session { get; set; }

        public bool Committed { get; set; }

        public int SinceLagCheck { get; set; }

        public bool ToldFull { get; set; }

        public void Drop()
        {
            Session?.Dispose();
            Session = null;
            Committed = false;
        }
    }
}
