using System.Security.Cryptography;
using System.Text;
using RiskWatch.Adapters.Embedded;
using RiskWatch.Adapters.Embedded.EventLog;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;

namespace RiskWatch.Server.Migrating;

/// <summary>
/// Moves the embedded log to Kafka: every entry in its partition and order with its ingest time, every stage's state, and each group to the same entry.
/// Control entries keep their offsets, since marks and clocks name them (LOG §6.1).
/// </summary>
internal sealed class LogMigration(EmbeddedHistory source, KafkaImport target, IReadOnlyList<StageDefinition> stages, IProgress<string> progress)
{
    private const int FlushEvery = 50_000;

    /// <summary>Copies what is not there yet.</summary>
    /// <returns>Entries written by this run.</returns>
    public async Task<long> CopyAsync(CancellationToken cancel)
    {
        long written = 0;
        foreach (var topic in source.Topics)
        {
            for (var p = 0; p < topic.Partitions; p++)
            {
                written += Copy(topic, p, cancel);
            }
        }

        foreach (var stage in stages)
        {
            var topic = source.Topics.Single(t => t.Name == stage.Input);
            await target.PlaceAsync(stage.Group, topic.Name, Places(topic, source.Committed(stage.Group, topic)), cancel);
        }

        return written;
    }

    /// <summary>Compares what Kafka holds with what the file holds: number and SHA-256 of each partition, of the last entry of each key where a topic is compacted.</summary>
    /// <returns>Topic → number of entries; and the partitions that differ.</returns>
    public (IReadOnlyDictionary<string, long> Entries, IReadOnlyList<string> Different) Compare(CancellationToken cancel)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var different = new List<string>();
        foreach (var topic in source.Topics)
        {
            counts[topic.Name] = 0;
            for (var p = 0; p < topic.Partitions; p++)
            {
                cancel.ThrowIfCancellationRequested();
                var first = topic.Compact ? 0 : target.Ends(topic.Name, p).First;
                var (wanted, count) = Sum(Of(topic, p).Skip((int)first), topic.Compact);
                var (found, there) = Sum(target.Read(topic.Name, p, cancel), topic.Compact);
                counts[topic.Name] += there;
                if (count != there || !wanted.AsSpan().SequenceEqual(found))
                {
                    different.Add($"{topic.Name} partition {p}: {count} entries here, {there} there");
                }
            }

            progress.Report($"{topic.Name}: {counts[topic.Name]} entries compared");
        }

        return (counts, different);
    }

    private static bool IsState(LogTopic topic) => topic.Name.StartsWith(Topics.State(""), StringComparison.Ordinal);

    private IEnumerable<LogMessage> Of(LogTopic topic, int partition) => IsState(topic) ? source.State(topic, partition)
        : topic.Name == Topics.Control ? WithGaps(topic)
        : source.Entries(topic, partition);

    // Offsets that compaction emptied are filled, so that the entries after them keep theirs.
    private IEnumerable<LogMessage> WithGaps(LogTopic topic)
    {
        long next = 0;
        foreach (var entry in source.Entries(topic, 0))
        {
            for (; next < entry.Offset; next++)
            {
                yield return Gap(next);
            }

            yield return entry;
            next++;
        }

        for (; next < topic.End(0); next++)
        {
            yield return Gap(next);
        }

        static LogMessage Gap(long offset) => new(Topics.Control, 0, offset, $"gap/{offset}", "", Schema.Current, default(ReadOnlyMemory<byte>?), DateTimeOffset.UnixEpoch);
    }

    private long Copy(LogTopic topic, int partition, CancellationToken cancel)
    {
        var there = target.Ends(topic.Name, partition).Next;
        long number = 0;
        foreach (var entry in Of(topic, partition))
        {
            if (number++ < there)
            {
                continue;
            }

            target.Add(entry);
            if (number % FlushEvery == 0)
            {
                target.Flush(cancel);
            }
        }

        target.Flush(cancel);
        if (number > there)
        {
            progress.Report($"{topic.Name} partition {partition}: {number - there} entries written, {there} were there");
        }

        return Math.Max(0, number - there);
    }

    // A group stands before the same entry: as many entries lie before it there as here.
    private long[] Places(LogTopic topic, long[] committed) =>
        [.. committed.Select((offset, p) => topic.Name == Topics.Control ? offset : source.Entries(topic, p).TakeWhile(e => e.Offset < offset).LongCount())];

    private static (byte[] Hash, long Count) Sum(IEnumerable<LogMessage> entries, bool compact)
    {
        long count = 0;
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (!compact)
        {
            foreach (var entry in entries)
            {
                sum.AppendData(HashOf(entry, withTime: true));
                count++;
            }

            return (sum.GetHashAndReset(), count);
        }

        var last = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (entry.Value is null)
            {
                last.Remove(entry.Key ?? "");
            }
            else
            {
                last[entry.Key ?? ""] = HashOf(entry, withTime: false);
            }
        }

        foreach (var hash in last.Values)
        {
            sum.AppendData(hash);
        }

        return (sum.GetHashAndReset(), last.Count);
    }

    private static byte[] HashOf(LogMessage entry, bool withTime)
    {
        var head = $"{entry.Key}\n{entry.Type}\n{entry.SchemaVersion}\n{(withTime ? entry.AppendedAt.ToUnixTimeMilliseconds() : 0)}\n{entry.Value is null}\n";
        var bytes = new byte[Encoding.UTF8.GetByteCount(head) + (entry.Value?.Length ?? 0)];
        var at = Encoding.UTF8.GetBytes(head, bytes);
        entry.Value?.Span.CopyTo(bytes.AsSpan(at));
        return SHA256.HashData(bytes);
    }
}
