using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Privacy;
using RiskWatch.Ingestion.Edge;

namespace RiskWatch.Ingestion.Replay;

/// <summary>
/// Turns a plan's rows into entries of the log from a cursor on (LOG §9): marks of all sources whenever merged time crosses a minute, records, dead letters.
/// Where batches end changes nothing in what is written; nor does the wall clock.
/// </summary>
internal sealed class ReplaySession : IDisposable
{
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly ReplayPlan _plan;
    private readonly MergedRows _rows;
    private readonly RecordEdge _edge;
    private readonly SourceCatalog _sources;
    private readonly IControlTable _control;
    private readonly IDeadLetterVault _vault;
    private readonly int _largestEntry;
    private readonly string? _site;
    private readonly RawRecord _raw = new();
    private bool _pending;

    /// <summary>Opens the inputs and passes over what the cursor says was handled.</summary>
    public ReplaySession(ReplayPlan plan, string? site, ReplayCursor cursor, IControlTable control, IDeadLetterVault vault, int largestEntry, CancellationToken cancel)
    {
        _plan = plan;
        _site = site;
        _control = control;
        _vault = vault;
        _largestEntry = largestEntry;
        _sources = new SourceCatalog(control, site);
        _edge = new RecordEdge(_sources, new Pseudonyms(new DerivedPseudonymSecrets(plan.Seed)));
        _rows = plan.Open(cancel);
        Cursor = cursor;
        _rows.Skip(cursor.Rows, cancel);
    }

    /// <summary>How far this session is, entries of the last <see cref="Fill"/> included.</summary>
    public ReplayCursor Cursor { get; private set; }

    /// <summary>Refusals of this session by reason.</summary>
    public Dictionary<DeadLetterReason, long> Refused { get; } = [];

    /// <summary>Refusals of the last <see cref="Fill"/>.</summary>
    public List<DeadLetterReason> BatchRefusals { get; } = [];

    /// <summary>Records and refusals of this session by source, and its newest record.</summary>
    public Dictionary<string, (long Taken, long Refused, DateTimeOffset? Newest)> BySource { get; } = new(StringComparer.Ordinal);

    /// <summary>How each of the plan's sources does that some site takes: each on its own, since one may be years through before the next begins.</summary>
    public IEnumerable<SourceStatus> Sources()
    {
        foreach (var (name, span) in _plan.Sources)
        {
            if (_sources.Find(name, Cursor.Time ?? DateTimeOffset.UnixEpoch) is not { } source)
            {
                continue;
            }

            var begun = Cursor.Time >= span.First;
            var ended = Cursor.Done || Cursor.Time > span.Last;
            var last = Minute(span.Last) + 1;
            var (taken, refused, newest) = BySource.GetValueOrDefault(name);
            yield return new SourceStatus(
                name,
                source.Site.Id,
                ended ? SourceState.Ended : begun ? SourceState.Healthy : SourceState.Empty,
                !begun ? null : ended && last < Cursor.Minute ? last : Cursor.Minute,
                // A session that went on after the source's end has seen none of its records; the plan knows the last.
                newest ?? (ended ? span.Last : null),
                taken,
                refused,
                null,
                Waited: begun && !ended);
        }
    }

    /// <summary>Adds entries of up to <paramref name="mostRows"/> rows; stops early before a row that lies beyond <paramref name="until"/>.</summary>
    public void Fill(List<LogOutput> outputs, int mostRows, DateTimeOffset until)
    {
        var bytes = 0L;
        BatchRefusals.Clear();
        for (var i = 0; i < mostRows && bytes < MostBytes; i++)
        {
            if (!_pending && !_rows.Read())
            {
                Finish(outputs);
                return;
            }

            _pending = true;
            var refusal = _rows.Map(_raw);
            if (refusal is null && _raw.Merged > until)
            {
                return;
            }

            _pending = false;
            bytes += Take(refusal, outputs);
        }
    }

    public void Dispose() => _rows.Dispose();

    private long Take(Refusal? refusal, List<LogOutput> outputs)
    {
        EdgeEntry made = new(null, null, refusal);
        if (refusal is null)
        {
            // Only a deletion may lack a time; it is received when the record before it was.
            var received = _raw.Merged?.ToUniversalTime() ?? Cursor.Time;
            made = received is { } at
                ? EdgeEntry.Of(_edge.Handle(_raw, at), _largestEntry)
                : new(null, null, Refusal.Missing(RecordFields.UpdatedField, "a deletion before any other record needs its time"));
        }

        if (made is not { Record: { } record, Entry: { } output })
        {
            return Refuse(made.Refusal!, outputs);
        }

        var minute = Minute(record.Received!.Value);
        if (minute > (Cursor.Minute ?? long.MinValue))
        {
            WriteMarks(minute, outputs);
        }

        outputs.Add(output);
        Count(record.Source, 1, 0, record.Received);
        Cursor = Cursor with { Rows = Cursor.Rows + 1, Accepted = Cursor.Accepted + 1, Time = record.Received };
        return output.Value!.Value.Length;
    }

    private long Refuse(Refusal refusal, List<LogOutput> outputs)
    {
        var line = _rows.Line;
        var origin = _rows.Origin(_raw.Source);
        var at = Cursor.Time ?? DateTimeOffset.UnixEpoch;
        var letter = line.Sha256 is { } sha256
            ? DeadLetters.Of(_vault, line.Bytes.Span, line.Length, sha256, refusal.Reason, refusal.Detail, IngestionService.Stage, origin, at, _rows.Mapping, _site)
            : DeadLetters.Of(_vault, _rows.LineWithHeader, refusal.Reason, refusal.Detail, IngestionService.Stage, origin, at, _rows.Mapping, _site);
        var output = Entries.Of(letter);
        outputs.Add(output);
        Count(_raw.Source, 0, 1);
        BatchRefusals.Add(refusal.Reason);
        Refused[refusal.Reason] = Refused.GetValueOrDefault(refusal.Reason) + 1;
        Cursor = Cursor with { Rows = Cursor.Rows + 1 };
        return output.Value!.Value.Length;
    }

    private void WriteMarks(long minute, List<LogOutput> outputs, bool ended = false)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(minute * 60);
        foreach (var (name, span) in _plan.Sources)
        {
            // Before its first row a source says nothing: a site would count the years before as watched and quiet.
            if (minute >= Minute(span.First) && _sources.Find(name, at) is { } source)
            {
                outputs.Add(Entries.Of(new Mark(source.Site.Id, name, minute, Waited: !ended, _control.Offset, ended)));
            }
        }

        Cursor = Cursor with { Minute = minute };
    }

    // One minute beyond the last record, so that its own minute is decided too. Then all sources end (LOG §3.2): a site that waited for them would seem
    // to stand still. All have their last mark before the first ends, so that no clock moves by it.
    private void Finish(List<LogOutput> outputs)
    {
        if (Cursor.Minute is { } last)
        {
            WriteMarks(last + 1, outputs);
            WriteMarks(last + 1, outputs, ended: true);
        }

        Cursor = Cursor with { Done = true };
    }

    private void Count(string? source, int taken, int refused, DateTimeOffset? time = null)
    {
        if (source is not null && (BySource.ContainsKey(source) || BySource.Count < 10_000))
        {
            var held = BySource.GetValueOrDefault(source);
            BySource[source] = (held.Taken + taken, held.Refused + refused, time ?? held.Newest);
        }
    }

    private static long Minute(DateTimeOffset time) => (long)Math.Floor(time.ToUnixTimeMilliseconds() / 60_000d);
}
