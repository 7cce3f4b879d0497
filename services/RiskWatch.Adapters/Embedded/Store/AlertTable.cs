using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>Alerts: the whole JSON, and beside it what they are looked up by.</summary>
internal static class AlertTable
{
    private const string Upsert = """
        INSERT INTO alerts (id, version, site, status, peak, topic, places, raised, alert) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (id) DO UPDATE SET version = excluded.version, site = excluded.site, status = excluded.status, peak = excluded.peak, topic = excluded.topic,
            places = excluded.places, raised = excluded.raised, alert = excluded.alert WHERE excluded.version > alerts.version
        """;

    /// <summary>Writes alerts by id and version.</summary>
    public static void Write(StoreSession session, IReadOnlyList<Alert> alerts, IGazetteer gazetteer, CancellationToken cancel)
    {
        foreach (var alert in alerts)
        {
            cancel.ThrowIfCancellationRequested();
            session.Execute(
                Upsert, alert.Id, alert.Version, alert.Site, (int)alert.Status, (int)alert.PeakLevel, alert.Topic?.Id, Places(alert, gazetteer), alert.RaisedAt.UtcTicks,
                CompactJson.Bytes(alert, ContractsJson.Default.Alert));
        }
    }

    /// <summary>Deletes alerts that are over and changed last before a time.</summary>
    public static int Prune(StoreSession session, DateTimeOffset before)
    {
        const int over = ~((1 << (int)AlertStatus.Open) | (1 << (int)AlertStatus.Provisional));
        var old = new List<string>();
        using (var rows = session.Query("SELECT alert FROM alerts WHERE raised < ?1 AND ((1 << status) & ?2) <> 0", before.UtcTicks, over))
        {
            while (rows.Read())
            {
                var alert = Read(rows);
                if (alert.UpdatedAt < before)
                {
                    old.Add(alert.Id);
                }
            }
        }

        return old.Sum(id => session.Execute("DELETE FROM alerts WHERE id = ?1", id));
    }

    /// <summary>One alert.</summary>
    public static Alert? Get(StoreSession session, string id)
    {
        using var rows = session.Query("SELECT alert FROM alerts WHERE id = ?1", id);
        return rows.Read() ? Read(rows) : null;
    }

    /// <summary>One page, last raised first, then by id.</summary>
    public static Page<Alert> Search(StoreSession session, AlertQuery query)
    {
        var limit = StoreCursor.CheckLimit(query.Limit);
        var (sql, values) = Select(query, StoreCursor.Parse(query.Cursor), limit + 1);
        using var rows = session.Query(sql, values);
        var items = new List<Alert>();
        while (rows.Read())
        {
            if (items.Count == limit)
            {
                return new Page<Alert>(items, new StoreCursor(items[^1].RaisedAt.UtcTicks, "", items[^1].Id).ToString());
            }

            items.Add(Read(rows));
        }

        return new Page<Alert>(items, null);
    }

    private static (string Sql, object?[] Values) Select(AlertQuery query, StoreCursor? after, int limit)
    {
        var sql = new StringBuilder("SELECT alert FROM alerts WHERE true");
        var values = new List<object?>();
        void And(string condition, object value)
        {
            values.Add(value);
            sql.Append(" AND ").Append(condition.Replace("?", string.Create(CultureInfo.InvariantCulture, $"?{values.Count}"), StringComparison.Ordinal));
        }

        void AndWhere(bool given, string condition, Func<object> value)
        {
            if (given)
            {
                And(condition, value());
            }
        }

        AndWhere(query.Site is not null, "site = ?", () => query.Site!);
        AndWhere(query.MinimumLevel is not null, "peak >= ?", () => (int)query.MinimumLevel!);
        AndWhere(query.Topic is not null, "topic = ?", () => query.Topic!);
        AndWhere(query.Place is not null, "instr(places, ?) > 0", () => Delimited(query.Place!));
        AndWhere(query.From is not null, "raised >= ?", () => query.From!.Value.UtcTicks);
        AndWhere(query.Until is not null, "raised < ?", () => query.Until!.Value.UtcTicks);

        // Statuses are a set of bits: one statement for any choice of them.
        var statuses = query.Statuses is { } chosen ? chosen.Aggregate(0, (bits, s) => bits | (1 << (int)s)) : ~(1 << (int)AlertStatus.Withdrawn);
        And("((1 << status) & ?) <> 0", statuses);
        if (after is not null)
        {
            And("raised <= ?", after.Ticks);
            var ticks = values.Count;
            And(string.Create(CultureInfo.InvariantCulture, $"(raised < :t{ticks} OR id > ?)"), after.Id);
            sql.Replace($":t{ticks}", $"?{ticks}");
        }

        values.Add(limit);
        sql.Append(CultureInfo.InvariantCulture, $" ORDER BY raised DESC, id LIMIT ?{values.Count}");
        return (sql.ToString(), [.. values]);
    }

    private static string Places(Alert alert, IGazetteer gazetteer) =>
        alert.Place is { } place ? string.Concat(gazetteer.WithAncestors(place.Code).Append(place.Code).Distinct().Select(Delimited)) : "";

    private static string Delimited(string code) => $"\n{code}\n";

    private static Alert Read(SqliteDataReader row) => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), ContractsJson.Default.Alert)!;
}
