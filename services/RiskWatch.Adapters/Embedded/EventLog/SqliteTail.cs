using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>Follows a whole topic without a group.</summary>
internal sealed class SqliteTail : ILogTail
{
    private const int MaxMessages = 1_000;
    private const long MaxBytes = 16_000_000;

    private readonly SqliteEventLog _log;
    private readonly LogTopic _topic;
    private readonly EntryReader _reader;
    private readonly Wakeup _wakeup;
    private readonly long[] _ends;
    private long[] _positions;
    private int _turn;

    public SqliteTail(SqliteEventLog log, LogTopic topic, bool fromBeginning, EntryReader reader)
    {
        _log = log;
        _topic = topic;
        _reader = reader;
        _wakeup = new Wakeup(log.Time);
        topic.Subscribe(_wakeup);
        _ends = [.. Enumerable.Range(0, topic.Partitions).Select(topic.End)];
        _positions = fromBeginning ? new long[topic.Partitions] : [.. _ends];
    }

    /// <inheritdoc/>
    public bool CaughtUp => _positions.Zip(_ends).All(pair => pair.First >= pair.Second);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LogMessage>> ReadAsync(TimeSpan maxWait, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var started = _log.Time.GetTimestamp();
        while (true)
        {
            var woken = _wakeup.Next;
            var messages = Take();
            var left = maxWait - _log.Time.GetElapsedTime(started);
            if (messages.Count > 0 || left <= TimeSpan.Zero)
            {
                return messages;
            }

            await _wakeup.WaitAsync(woken, left, cancel).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_log.Forget(this))
        {
            Abandon();
        }

        return ValueTask.CompletedTask;
    }

    public void Abandon()
    {
        _topic.Unsubscribe(_wakeup);
        _reader.Dispose();
    }

    private List<LogMessage> Take()
    {
        var messages = new List<LogMessage>();
        var positions = (long[])_positions.Clone();
        var budget = MaxBytes;
        for (var step = 0; step < positions.Length && messages.Count < MaxMessages && budget > 0; step++)
        {
            var partition = (step + _turn) % positions.Length;
            if (_topic.End(partition) > positions[partition])
            {
                positions[partition] = _reader.Read(_topic, partition, positions[partition], MaxMessages - messages.Count, messages, ref budget);
            }
        }

        _turn++;
        _positions = positions;
        return messages;
    }
}
