using System.Globalization;
using RiskWatch.Contracts;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>Closed hours of each series, as numbers: a year of thousands of series must stay small.</summary>
internal static class TrendTable
{
    private const string Columns = "observed, expected, lower, upper, authors, posts, hotline, negative, positive, uncertain, likely_false, false_tenths, version";

    private const string Upsert = $"""
        INSERT INTO trends ({Columns}, series, hour) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT (series, hour) DO UPDATE SET observed = excluded.observed, expected = excluded.expected, lower = excluded.lower, upper = excluded.upper,
            authors = excluded.authors, posts = excluded.posts, hotline = excluded.hotline, negative = excluded.negative, positive = excluded.positive,
            uncertain = excluded.uncertain, likely_false = excluded.likely_false, false_tenths = excluded.false_tenths, version = excluded.version
        WHERE excluded.version > trends.version
        """;

    /// <summary>Writes hours by series, hour and version.</summary>
    public static void Write(StoreSession session, IReadOnlyList<HistoryHour> hours, CancellationToken cancel)
    {
        var numbers = new Dictionary<SeriesId, long>();
        foreach (var hour in hours)
        {
            cancel.ThrowIfCancellationRequested();
            var series = new SeriesId(hour.Site, hour.Topic, hour.Place, hour.Term);
            if (!numbers.TryGetValue(series, out var number))
            {
                number = Number(session, series) ?? Add(session, series);
                numbers.Add(series, number);
            }

            session.Execute(
                Upsert, hour.Observed, hour.Expected, hour.Lower, hour.Upper, hour.Authors, hour.Counts.Posts, hour.Counts.Hotline, hour.Counts.Negative,
                hour.Counts.Positive, hour.Counts.Uncertain, hour.Counts.LikelyFalse, hour.Counts.FalseTenThousandths, hour.Version, number, hour.Hour.UtcTicks);
        }
    }

    /// <summary>Hours of one series, oldest first.</summary>
    public static IReadOnlyList<HistoryHour> Read(StoreSession session, SeriesId series, DateTimeOffset from, DateTimeOffset until)
    {
        var hours = new List<HistoryHour>();
        if (Number(session, series) is not { } number)
        {
            return hours;
        }

        using var row = session.Query($"SELECT {Columns}, hour FROM trends WHERE series = ?1 AND hour >= ?2 AND hour < ?3 ORDER BY hour", number, from.UtcTicks, until.UtcTicks);
        while (row.Read())
        {
            var counts = new TallyCounts
            {
                Posts = row.GetInt32(5),
                Hotline = row.GetInt32(6),
                Negative = row.GetInt32(7),
                Positive = row.GetInt32(8),
                Uncertain = row.GetInt32(9),
                LikelyFalse = row.GetInt32(10),
                FalseTenThousandths = row.GetInt64(11),
            };
            hours.Add(new HistoryHour(
                series.Site, series.Topic, series.Place, series.Term, new DateTimeOffset(row.GetInt64(13), TimeSpan.Zero),
                row.GetDouble(0), row.GetDouble(1), row.GetDouble(2), row.GetDouble(3), counts, row.GetDouble(4), row.GetInt64(12)));
        }

        return hours;
    }

    /// <summary>All series.</summary>
    public static List<SeriesId> Series(StoreSession session)
    {
        var found = new List<SeriesId>();
        using var rows = session.Query("SELECT site, topic, place, term FROM series ORDER BY number");
        while (rows.Read())
        {
            var (topic, term) = (rows.GetString(1), rows.GetString(3));
            found.Add(new SeriesId(rows.GetString(0), topic.Length == 0 ? null : topic, rows.GetString(2), term.Length == 0 ? null : term));
        }

        return found;
    }

    /// <summary>Deletes hours before a time, and series that have none left.</summary>
    public static long Prune(StoreSession session, DateTimeOffset before)
    {
        var pruned = session.Execute("DELETE FROM trends WHERE hour < ?1", before.UtcTicks);
        session.Execute("DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM trends WHERE trends.series = series.number)");
        return pruned;
    }

    private static long? Number(StoreSession session, SeriesId series) => session.Scalar(
        "SELECT number FROM series WHERE site = ?1 AND topic = ?2 AND place = ?3 AND term = ?4", series.Site, series.Topic ?? "", series.Place, series.Term ?? "") as long?;

    private static long Add(StoreSession session, SeriesId series) => Convert.ToInt64(
        session.Scalar("INSERT INTO series (site, topic, place, term) VALUES (?1, ?2, ?3, ?4) RETURNING number", series.Site, series.Topic ?? "", series.Place, series.Term ?? ""),
        CultureInfo.InvariantCulture);
}
