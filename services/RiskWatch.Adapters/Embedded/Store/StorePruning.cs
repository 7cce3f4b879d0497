using System.Globalization;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>Takes old records out and gives their space back, in steps between which writers get their turn.</summary>
internal sealed class StorePruning(StoreDatabase database, TimeProvider time)
{
    /// <summary>How long a deletion keeps its version, so that an older write cannot bring the record back (LOG §5.4).</summary>
    public static readonly TimeSpan TombstonesKept = TimeSpan.FromDays(7);

    private const string OfAll = "SELECT rowid FROM records WHERE rowid < ?1 AND published < ?2 ORDER BY rowid LIMIT ?3";

    private const string OfSites = """
        SELECT r.rowid FROM search CROSS JOIN records r ON r.rowid = search.rowid
        WHERE search MATCH ?4 AND search.rowid < ?1 AND r.published < ?2 ORDER BY search.rowid LIMIT ?3
        """;

    private const int RowsPerStep = 2_000;
    private const int PagesPerStep = 1_000;

    /// <summary>Deletes the records that a cut takes.</summary>
    public async Task<long> PruneAsync(RecordCut cut, CancellationToken cancel)
    {
        var pruned = 0L;
        int step;
        do
        {
            step = await database.WriteAsync(session => DeleteSome(session, cut), cancel).ConfigureAwait(false);
            pruned += step;
        }
        while (step == RowsPerStep);

        var oldest = time.GetUtcNow() - TombstonesKept;
        await database.WriteAsync(session => session.Execute("DELETE FROM deleted WHERE at < ?1", oldest.UtcTicks), cancel).ConfigureAwait(false);
        await ForgetWordsAsync(cancel).ConfigureAwait(false);
        await GiveSpaceBackAsync(cancel).ConfigureAwait(false);
        return pruned;
    }

    private static int DeleteSome(StoreSession session, RecordCut cut)
    {
        // Only where sites differ must the full-text index be asked, which holds the site.
        var all = cut.Site is null && cut.Except.Count == 0;
        var rows = new List<long>();
        object?[] values = [RecordKey.First(RecordKey.CeilingOf(cut.Before.UtcTicks)), cut.Before.UtcTicks, RowsPerStep];
        using (var found = all ? session.Query(OfAll, values) : session.Query(OfSites, [.. values, Sites(cut)]))
        {
            while (found.Read())
            {
                rows.Add(found.GetInt64(0));
            }
        }

        foreach (var row in rows)
        {
            session.Execute("DELETE FROM records WHERE rowid = ?1", row);
            session.Execute("DELETE FROM search WHERE rowid = ?1", row);
        }

        return rows.Count;
    }

    private static string Sites(RecordCut cut) =>
        $"({(cut.Site is { } site ? MatchExpression.Facets(Facet.Site, site) : MatchExpression.All)})" + string.Concat(cut.Except.Select(except => $" NOT {MatchExpression.Facets(Facet.Site, except)}"));

    // The full-text index only marks a row as deleted; its words leave the file when the segments that hold them are merged. A negative number of
    // pages starts the merge of everything, positive ones go on with it, until nothing changes any more.
    private async Task ForgetWordsAsync(CancellationToken cancel)
    {
        var pages = -PagesPerStep;
        bool changed;
        do
        {
            var now = pages;
            changed = await database.WriteAsync(
                session =>
                {
                    var before = Changes(session);
                    session.Execute("INSERT INTO search (search, rank) VALUES ('merge', ?1)", now);
                    return Changes(session) - before >= 2;
                },
                cancel).ConfigureAwait(false);
            pages = PagesPerStep;
        }
        while (changed);
    }

    private async Task GiveSpaceBackAsync(CancellationToken cancel)
    {
        long free;
        do
        {
            free = await database.WithWriterAsync(
                session =>
                {
                    session.Script(string.Create(CultureInfo.InvariantCulture, $"PRAGMA incremental_vacuum({PagesPerStep})"));
                    return Convert.ToInt64(session.Scalar("PRAGMA freelist_count"), CultureInfo.InvariantCulture);
                },
                cancel).ConfigureAwait(false);
        }
        while (free > 0);

        await database.WithWriterAsync(
            session =>
            {
                session.Script("PRAGMA wal_checkpoint(TRUNCATE)");
                return true;
            },
            cancel).ConfigureAwait(false);
    }

    private static long Changes(StoreSession session) => Convert.ToInt64(session.Scalar("SELECT total_changes()"), CultureInfo.InvariantCulture);
}
