using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>Counts of records by time, from the full-text index alone: mood and credibility are in it, and its rowids are times.</summary>
internal static class RecordHistogram
{
    private const string Whole = """
        SELECT ((search.rowid >> ?4) - ?5) / ?6, count(*) FROM search
        WHERE search MATCH ?3 AND search.rowid >= ?1 AND search.rowid < ?2 GROUP BY 1
        """;

    // Only where a bound lies within a second must the records themselves be asked.
    private const string Exact = """
        SELECT ((search.rowid >> ?4) - ?5) / ?6, count(*) FROM search CROSS JOIN records r ON r.rowid = search.rowid
        WHERE search MATCH ?3 AND search.rowid >= ?1 AND search.rowid < ?2 AND r.published >= ?7 AND r.published < ?8 GROUP BY 1
        """;

    /// <summary>Buckets that hold something, oldest first.</summary>
    public static IReadOnlyList<HistogramBucket> Count(StoreSession session, RecordQuery query, TimeSpan bucket)
    {
        if (bucket < TimeSpan.FromSeconds(1) || bucket.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            throw new StoreQueryException($"bucket must be a whole number of seconds, is {bucket:c}.");
        }

        if (MatchExpression.Of(query) is not { } match)
        {
            return [];
        }

        match = match.Length == 0 ? MatchExpression.All : match;
        var counts = new SortedDictionary<long, (long All, long Negative, long LikelyFalse)>();
        foreach (var (index, count) in Groups(session, query, bucket, match))
        {
            counts[index] = (count, 0, 0);
        }

        foreach (var (index, count) in Groups(session, query, bucket, $"({match}) AND {MatchExpression.Facets(Facet.Sentiment, nameof(Sentiment.Negative))}"))
        {
            counts[index] = counts[index] with { Negative = count };
        }

        foreach (var (index, count) in Groups(session, query, bucket, $"({match}) AND {MatchExpression.Facets(Facet.Band, nameof(CredibilityBand.LikelyFalse))}"))
        {
            counts[index] = counts[index] with { LikelyFalse = count };
        }

        var length = bucket.Ticks / TimeSpan.TicksPerSecond;
        return [.. counts.Select(c => new HistogramBucket(Start(c.Key, length), c.Value.All, c.Value.Negative, c.Value.LikelyFalse))];
    }

    private static List<(long Index, long Count)> Groups(StoreSession session, RecordQuery query, TimeSpan bucket, string match)
    {
        var from = query.From?.UtcTicks ?? DateTimeOffset.MinValue.UtcTicks;
        var until = query.Until?.UtcTicks ?? DateTimeOffset.MaxValue.UtcTicks;
        var length = bucket.Ticks / TimeSpan.TicksPerSecond;
        object?[] values = [RecordKey.First(RecordKey.SecondOf(from)), RecordKey.First(RecordKey.CeilingOf(until)), match, (long)RecordKey.Bits, Origin(length), length];
        var exact = IsWithinSecond(query.From) || IsWithinSecond(query.Until);
        using var rows = exact ? session.Query(Exact, [.. values, from, until]) : session.Query(Whole, values);
        var groups = new List<(long, long)>();
        while (rows.Read())
        {
            groups.Add((rows.GetInt64(0), rows.GetInt64(1)));
        }

        return groups;
    }

    private static DateTimeOffset Start(long index, long length) => DateTimeOffset.FromUnixTimeSeconds(Math.Max(DateTimeOffset.MinValue.ToUnixTimeSeconds(), Origin(length) + (index * length)));

    private static bool IsWithinSecond(DateTimeOffset? time) => time is { } t && t.UtcTicks % TimeSpan.TicksPerSecond != 0;

    // A bucket's start before the first possible time: SQL divides towards zero, so that numbers must not be negative.
    private static long Origin(long length) => RecordKey.FloorDiv(DateTimeOffset.MinValue.ToUnixTimeSeconds(), length) * length;
}
