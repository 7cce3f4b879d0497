using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>Writes one batch of records within one transaction.</summary>
internal sealed class RecordWriter(StoreSession session, IGazetteer gazetteer, DateTimeOffset now)
{
    private const int TooBig = 18;

    // What the full-text index must hold of a row after the batch; written in the order of rowids, since FTS5 flushes when they go backwards.
    private readonly SortedDictionary<long, (bool Held, string? Tokens)> _index = [];
    private readonly Dictionary<long, long> _nextOfSecond = [];
    private readonly List<StoreRejection> _rejections = [];
    private readonly StringBuilder _tokens = new();
    private bool? _anyDeleted;
    private long? _lastRow;

    // Asked once a batch: mostly there are none.
    private bool AnyDeleted => _anyDeleted ??= session.Scalar("SELECT EXISTS (SELECT 1 FROM deleted)") is 1L;

    // Least row that a second later than all held may take: records mostly come in order.
    private long LastRow => _lastRow ??= session.Scalar("SELECT max(rowid) FROM records") as long? ?? long.MinValue;

    /// <summary>Writes all, in order.</summary>
    public IReadOnlyList<StoreRejection> Write(IReadOnlyList<RecordWrite> writes, CancellationToken cancel)
    {
        for (var i = 0; i < writes.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var write = writes[i];
            try
            {
                if (Apply(write) is { } reason)
                {
                    _rejections.Add(new StoreRejection(i, $"{write.Source}/{write.Id}", reason));
                }
            }
            catch (SqliteException e) when (e.SqliteErrorCode == TooBig)
            {
                _rejections.Add(new StoreRejection(i, $"{write.Source}/{write.Id}", "larger than SQLite allows a row to be"));
            }
        }

        FlushIndex();
        return _rejections;
    }

    private string? Apply(RecordWrite write)
    {
        var held = Find(write.Source, write.Id);
        if (held is { } row ? row.Version >= write.Version : Tombstone(write) >= write.Version)
        {
            return null;
        }

        if (write.Document is { } document)
        {
            return Upsert(write, held, document);
        }

        if (write.Revision is { } revision)
        {
            if (held is { } stored)
            {
                Revise(write, stored, revision);
            }

            return null;
        }

        Delete(write, held);
        return null;
    }

    private Held? Find(string source, string id)
    {
        Span<long> numbers = stackalloc long[3];
        return session.Numbers("SELECT rowid, version, tokens FROM records WHERE source = ?1 AND id = ?2", numbers, source, id) ? new Held(numbers[0], numbers[1], numbers[2]) : null;
    }

    private long Tombstone(RecordWrite write) => !AnyDeleted ? long.MinValue : session.Scalar("SELECT version FROM deleted WHERE source = ?1 AND id = ?2", write.Source, write.Id) as long? ?? long.MinValue;

    private string? Upsert(RecordWrite write, Held? held, StoredRecord document)
    {
        var record = document.Record with { Author = null };
        var second = RecordKey.SecondOf(record.Published.UtcTicks);
        if (held is { } old && RecordKey.Second(old.Row) != second)
        {
            Remove(old.Row);
            held = null;
        }

        var tokens = TokensOf(record, document.Assessment);
        var hash = Hash(tokens);
        object?[] values =
        [
            write.Source, write.Id, write.Version, record.Published.UtcTicks, hash, document.Doubts, document.CorrectedBy,
            CompactJson.Bytes(record, ContractsJson.Default.Record), CompactJson.Bytes(document.Assessment, ContractsJson.Default.Assessment), null,
        ];
        if (held is { } same)
        {
            values[^1] = same.Row;
            session.Execute("UPDATE records SET source = ?1, id = ?2, version = ?3, published = ?4, tokens = ?5, doubts = ?6, corrected_by = ?7, record = ?8, assessment = ?9 WHERE rowid = ?10", values);
            if (same.Tokens != hash)
            {
                Index(same.Row, tokens, held: true);
            }

            return null;
        }

        if (NewRow(second) is not { } row)
        {
            return "more than 4,194,304 records were published in one second";
        }

        values[^1] = row;
        session.Execute("INSERT INTO records (source, id, version, published, tokens, doubts, corrected_by, record, assessment, rowid) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", values);
        if (AnyDeleted)
        {
            session.Execute("DELETE FROM deleted WHERE source = ?1 AND id = ?2", write.Source, write.Id);
        }

        Index(row, tokens, held: false);
        return null;
    }

    private void Revise(RecordWrite write, Held held, Revision revision)
    {
        Upsert(write, held, RecordReader.Load(session, held.Row)!.Revised(revision));
    }

    private void Delete(RecordWrite write, Held? held)
    {
        if (held is { } row)
        {
            Remove(row.Row);
        }

        _anyDeleted = true;
        session.Execute(
            "INSERT INTO deleted (source, id, version, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (source, id) DO UPDATE SET version = excluded.version, at = excluded.at",
            write.Source, write.Id, write.Version, now.UtcTicks);
    }

    private void Remove(long row)
    {
        session.Execute("DELETE FROM records WHERE rowid = ?1", row);
        Index(row, null, held: true);
    }

    private void Index(long row, string? tokens, bool held) => _index[row] = (_index.TryGetValue(row, out var before) ? before.Held : held, tokens);

    private long? NewRow(long second)
    {
        if (!_nextOfSecond.TryGetValue(second, out var row))
        {
            row = RecordKey.First(second) > LastRow ? RecordKey.First(second) : session.Scalar("SELECT max(rowid) FROM records WHERE rowid >= ?1 AND rowid < ?2", RecordKey.First(second), RecordKey.First(second + 1)) is long last ? last + 1 : RecordKey.First(second);
        }

        _nextOfSecond[second] = row + 1;
        _lastRow = Math.Max(LastRow, row);
        return RecordKey.Second(row) == second ? row : null;
    }

    private void FlushIndex()
    {
        foreach (var (row, (held, tokens)) in _index)
        {
            if (held)
            {
                session.Execute("DELETE FROM search WHERE rowid = ?1", row);
            }

            if (tokens is not null)
            {
                session.Execute("INSERT INTO search (rowid, tokens) VALUES (?1, ?2)", row, tokens);
            }
        }
    }

    private string TokensOf(Record record, Assessment assessment)
    {
        _tokens.Clear();
        SearchTokens.AppendText(_tokens, record.Title);
        SearchTokens.AppendText(_tokens, record.Text);
        SearchTokens.AppendFacet(_tokens, Facet.Site, record.Site);
        SearchTokens.AppendFacet(_tokens, Facet.Source, record.Source);
        SearchTokens.AppendFacet(_tokens, Facet.Kind, record.Kind.ToString());
        SearchTokens.AppendFacet(_tokens, Facet.Sentiment, assessment.Sentiment.Label.ToString());
        SearchTokens.AppendFacet(_tokens, Facet.Band, assessment.Credibility.Band.ToString());
        SearchTokens.AppendFacet(_tokens, Facet.Group, assessment.Group);
        foreach (var topic in assessment.Topics)
        {
            SearchTokens.AppendFacet(_tokens, Facet.Topic, topic.Id);
        }

        foreach (var place in assessment.Places)
        {
            SearchTokens.AppendFacet(_tokens, Facet.Place, place.Code);
            foreach (var ancestor in gazetteer.WithAncestors(place.Code))
            {
                if (ancestor != place.Code)
                {
                    SearchTokens.AppendFacet(_tokens, Facet.Place, ancestor);
                }
            }
        }

        return _tokens.ToString();
    }

    private static long Hash(string tokens) => (long)XxHash64.HashToUInt64(MemoryMarshal.AsBytes(tokens.AsSpan()));

    private readonly record struct Held(long Row, long Version, long Tokens);
}
