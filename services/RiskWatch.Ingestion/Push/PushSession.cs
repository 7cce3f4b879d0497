using RiskWatch.Contracts;
using RiskWatch.Core.Ingest;
using RiskWatch.Core.Log;
using RiskWatch.Core.Privacy;
using RiskWatch.Ingestion.Edge;
using RiskWatch.Ingestion.Reading;

namespace RiskWatch.Ingestion.Push;

/// <summary>One push: what waits to be appended, and what became of the rest.</summary>
internal sealed class PushSession(RecordEdge edge, IDeadLetterVault vault, PushCounters counters, string? defaultSource, int largestEntry)
{
    private const int MostListed = 1_000;

    private readonly RawRecord _raw = new();
    private readonly List<PushRefusal> _refused = [];
    private readonly List<PushRefusal> _waitingRefusals = [];
    private readonly List<(string? Source, DateTimeOffset? Published, string? Error)> _waitingCounts = [];
    private long _accepted;
    private long _waitingAccepted;
    private long _refusedCount;
    private long? _firstWaiting;
    private long _lastLine;
    private TimeSpan? _retryAfter;

    /// <summary>Entries to append.</summary>
    public List<LogOutput> Outputs { get; } = [];

    /// <summary>Lines that wait.</summary>
    public int Waiting => _waitingCounts.Count;

    /// <summary>Those of them that are refused.</summary>
    public IReadOnlyList<PushRefusal> WaitingRefusals => _waitingRefusals;

    /// <summary>Their bytes.</summary>
    public long WaitingBytes { get; private set; }

    /// <summary>Whether it stopped early.</summary>
    public PushStop Stopped { get; private set; }

    /// <summary>Takes a line.</summary>
    public void Take(in RawLine line, DateTimeOffset now, bool transcoded)
    {
        _firstWaiting ??= line.Number;
        _lastLine = line.Number;
        _raw.Clear();
        var refusal = InputReader.FaultOf(line)
            ?? (transcoded && line.Bytes.Span.IndexOf("\uFFFD"u8) >= 0 ? new Refusal(DeadLetterReason.WrongEncoding, "Bytes that are wrong in the charset of the content type: send UTF-8.") : null)
            ?? RecordJson.Read(line.Bytes.Span, _raw);
        if (string.IsNullOrWhiteSpace(_raw.Source))
        {
            _raw.Source = defaultSource;
        }

        var made = refusal is null ? EdgeEntry.Of(edge.Handle(_raw, now), largestEntry) : new EdgeEntry(null, null, refusal);
        var (record, output) = (made.Record, made.Entry ?? Entries.Of(Letter(line, made.Refusal!, now)));
        refusal = made.Refusal;
        Outputs.Add(output);
        WaitingBytes += output.Value!.Value.Length;
        _waitingCounts.Add((record?.Source ?? (refusal!.Reason == DeadLetterReason.UnknownSource ? null : _raw.Source), record?.Published, refusal?.Detail));
        if (record is not null)
        {
            _waitingAccepted++;
        }
        else
        {
            _waitingRefusals.Add(new PushRefusal(line.Number, refusal!.Reason, refusal.Detail));
        }
    }

    /// <summary>What waited is durable now.</summary>
    public void Appended(DateTimeOffset now)
    {
        _accepted += _waitingAccepted;
        _refusedCount += _waitingRefusals.Count;
        _refused.AddRange(_waitingRefusals.Take(MostListed - _refused.Count));
        foreach (var (source, published, error) in _waitingCounts)
        {
            if (source is not null)
            {
                counters.Count(source, now, published, error);
            }
        }

        Outputs.Clear();
        _waitingRefusals.Clear();
        _waitingCounts.Clear();
        (_waitingAccepted, WaitingBytes, _firstWaiting) = (0, 0, null);
    }

    /// <summary>The log does not take it now: what waits is to be sent again.</summary>
    public void Busy(TimeSpan retryAfter)
    {
        Stop(PushStop.Busy);
        _retryAfter = retryAfter;
    }

    /// <summary>Stops early.</summary>
    public void Stop(PushStop stop) => Stopped = stop;

    /// <summary>Refuses the body as a whole.</summary>
    public void RefuseAll(Refusal refusal)
    {
        _refused.Add(new PushRefusal(1, refusal.Reason, refusal.Detail));
        _refusedCount = 1;
    }

    /// <summary>What became of it.</summary>
    public PushResult Result() => new(_accepted, _refused, _refusedCount, Stopped, Stopped == PushStop.None ? null : _firstWaiting ?? _lastLine + 1, _retryAfter);

    private DeadLetter Letter(in RawLine line, Refusal refusal, DateTimeOffset now)
    {
        var origin = new DeadLetterOrigin(Source: _raw.Source, Line: line.Number);
        return line.Sha256 is { } sha256
            ? DeadLetters.Of(vault, line.Bytes.Span, line.Length, sha256, refusal.Reason, refusal.Detail, IngestionService.Stage, origin, now)
            : DeadLetters.Of(vault, line.Bytes.Span, refusal.Reason, refusal.Detail, IngestionService.Stage, origin, now);
    }
}
