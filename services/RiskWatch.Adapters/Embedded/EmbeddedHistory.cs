using RiskWatch.Adapters.Embedded.EventLog;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded;

/// <summary>Everything that the embedded log holds, topic by topic, to be moved elsewhere. Nothing may write to the log meanwhile.</summary>
internal sealed class EmbeddedHistory : IDisposable
{
    private const int Page = 5_000;

    private readonly SqliteEventLog _log;
    private readonly EntryReader _reader;

    public EmbeddedHistory(string path, EmbeddedOptions options, SqliteEventLog log)
    {
        _log = log;
        Topics = [.. log.Catalog.Topics.OrderBy(t => t.Name, StringComparer.Ordinal)];
        _reader = new EntryReader(new LogFile(path, options));
    }

    /// <summary>All topics of the file.</summary>
    public IReadOnlyList<LogTopic> Topics { get; }

    /// <summary>Entries of a partition from an offset on, in order.</summary>
    public IEnumerable<LogMessage> Entries(LogTopic topic, int partition, long from = 0)
    {
        while (from < topic.End(partition))
        {
            var page = new List<LogMessage>();
            var budget = long.MaxValue;
            from = _reader.Read(topic, partition, from, Page, page, ref budget);
            foreach (var entry in page)
            {
                yield return entry;
            }
        }
    }

    /// <summary>State of a stage in a partition, by key.</summary>
    public IEnumerable<LogMessage> State(LogTopic topic, int partition) => _reader.State(topic, partition).OrderBy(s => s.Key, StringComparer.Ordinal)
        .Select((s, i) => new LogMessage(topic.Name, partition, i, s.Key, "", Schema.Current, s.Value, DateTimeOffset.UnixEpoch));

    /// <summary>Next offset of a group in each partition.</summary>
    public long[] Committed(string group, LogTopic topic) => _log.Catalog.Committed(group, topic);

    public void Dispose() => _reader.Dispose();
}
