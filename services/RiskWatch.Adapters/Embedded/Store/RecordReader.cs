using System.Text.Json;
using Microsoft.Data.Sqlite;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>Queries of records.</summary>
internal static class RecordReader
{
    private const string Columns = "SELECT version, doubts, corrected_by, record, assessment FROM records ";

    // The cross join keeps SQLite from starting at the records: the index yields rowids already filtered and newest first.
    private const string KeysByIndex = """
        SELECT search.rowid, r.published, r.source, r.id FROM search CROSS JOIN records r ON r.rowid = search.rowid
        WHERE search MATCH ?3 AND search.rowid >= ?1 AND search.rowid < ?2 ORDER BY search.rowid DESC
        """;

    private const string KeysByTime = "SELECT rowid, published, source, id FROM records WHERE rowid >= ?1 AND rowid < ?2 ORDER BY rowid DESC";

    /// <summary>One record by its row.</summary>
    public static StoredRecord? Load(StoreSession session, long row)
    {
        using var rows = session.Query(Columns + "WHERE rowid = ?1", row);
        return rows.Read() ? Read(rows) : null;
    }

    /// <summary>One record by its id.</summary>
    public static StoredRecord? Get(StoreSession session, string source, string id)
    {
        using var rows = session.Query(Columns + "WHERE source = ?1 AND id = ?2", source, id);
        return rows.Read() ? Read(rows) : null;
    }

    /// <summary>One page, newest first, then by source and id.</summary>
    public static Page<StoredRecord> Search(StoreSession session, RecordQuery query, CancellationToken cancel)
    {
        var limit = StoreCursor.CheckLimit(query.Limit);
        var after = StoreCursor.Parse(query.Cursor);
        if (MatchExpression.Of(query) is not { } match)
        {
            return new Page<StoredRecord>([], null);
        }

        var keys = Keys(session, query, match, after, limit + 1, cancel);
        var items = new List<StoredRecord>(Math.Min(limit, keys.Count));
        foreach (var key in keys.Take(limit))
        {
            items.Add(Load(session, key.Row)!);
        }

        var next = keys.Count > limit ? new StoreCursor(keys[limit - 1].Published, keys[limit - 1].Source, keys[limit - 1].Id).ToString() : null;
        return new Page<StoredRecord>(items, next);
    }

    private static List<Key> Keys(StoreSession session, RecordQuery query, string match, StoreCursor? after, int wanted, CancellationToken cancel)
    {
        var from = query.From?.UtcTicks ?? long.MinValue;
        var until = query.Until?.UtcTicks ?? long.MaxValue;
        var low = query.From is null ? long.MinValue : RecordKey.First(RecordKey.SecondOf(from));
        var high = query.Until is null ? long.MaxValue : RecordKey.First(RecordKey.CeilingOf(until));
        if (after is not null)
        {
            high = Math.Min(high, RecordKey.First(RecordKey.SecondOf(after.Ticks) + 1));
        }

        using var rows = match.Length == 0 ? session.Query(KeysByTime, low, high) : session.Query(KeysByIndex, low, high, match);
        var keys = new List<Key>();
        var second = new List<Key>();
        while (rows.Read())
        {
            cancel.ThrowIfCancellationRequested();
            var key = new Key(rows.GetInt64(0), rows.GetInt64(1), rows.GetString(2), rows.GetString(3));
            if (second.Count > 0 && RecordKey.Second(second[0].Row) != RecordKey.Second(key.Row))
            {
                Take(keys, second);
                if (keys.Count >= wanted)
                {
                    return keys;
                }
            }

            if (key.Published >= from && key.Published < until && (after is null || key.IsAfter(after)))
            {
                second.Add(key);
            }
        }

        Take(keys, second);
        return keys;
    }

    // Rowids order the seconds; within one, the sort key decides.
    private static void Take(List<Key> keys, List<Key> second)
    {
        second.Sort();
        keys.AddRange(second);
        second.Clear();
    }

    private static StoredRecord Read(SqliteDataReader row) => new(
        JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(3), ContractsJson.Default.Record)!,
        JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(4), ContractsJson.Default.Assessment)!,
        row.GetInt32(1),
        row.IsDBNull(2) ? null : row.GetString(2),
        row.GetInt64(0));

    private readonly record struct Key(long Row, long Published, string Source, string Id) : IComparable<Key>
    {
        public int CompareTo(Key other) => Compare(Published, Source, Id, other.Published, other.Source, other.Id);

        public bool IsAfter(StoreCursor cursor) => Compare(Published, Source, Id, cursor.Ticks, cursor.Source, cursor.Id) > 0;

        private static int Compare(long published, string source, string id, long otherPublished, string otherSource, string otherId)
        {
            var byTime = otherPublished.CompareTo(published);
            var bySource = byTime != 0 ? byTime : string.CompareOrdinal(source, otherSource);
            return bySource != 0 ? bySource : string.CompareOrdinal(id, otherId);
        }
    }
}
