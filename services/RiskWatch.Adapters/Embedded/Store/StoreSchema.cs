using System.Globalization;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>Tables of the store, and the check that a file is one that this build understands.</summary>
internal static class StoreSchema
{
    /// <summary>Version of the tables.</summary>
    public const int Current = 1;

    private const int ApplicationId = 0x52577374;

    // A record's rowid is its second and a number within it (RecordKey): the full-text index, which sorts by rowid alone, is then sorted by time.
    // "tokens" is a hash over what the full-text index holds of the record, so that an edit that changes no word leaves the index alone.
    private const string Tables = """
        CREATE TABLE records (rowid INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, published INTEGER NOT NULL,
            tokens INTEGER NOT NULL, doubts INTEGER NOT NULL, corrected_by TEXT, record BLOB NOT NULL, assessment BLOB NOT NULL, UNIQUE (source, id));
        CREATE VIRTUAL TABLE search USING fts5 (tokens, content = '', contentless_delete = 1, tokenize = 'ascii');
        INSERT INTO search (search, rank) VALUES ('hashsize', 16777216);
        CREATE TABLE deleted (source TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (source, id)) WITHOUT ROWID;
        CREATE TABLE alerts (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, site TEXT NOT NULL, status INTEGER NOT NULL, peak INTEGER NOT NULL,
            topic TEXT, places TEXT NOT NULL, raised INTEGER NOT NULL, alert BLOB NOT NULL) WITHOUT ROWID;
        CREATE INDEX alerts_raised ON alerts (raised DESC, id);
        CREATE TABLE series (number INTEGER PRIMARY KEY, site TEXT NOT NULL, topic TEXT NOT NULL, place TEXT NOT NULL, term TEXT NOT NULL, UNIQUE (site, topic, place, term));
        CREATE TABLE trends (series INTEGER NOT NULL, hour INTEGER NOT NULL, version INTEGER NOT NULL, observed REAL NOT NULL, expected REAL NOT NULL,
            lower REAL NOT NULL, upper REAL NOT NULL, authors REAL NOT NULL, posts INTEGER NOT NULL, hotline INTEGER NOT NULL, negative INTEGER NOT NULL,
            positive INTEGER NOT NULL, uncertain INTEGER NOT NULL, likely_false INTEGER NOT NULL, false_tenths INTEGER NOT NULL, PRIMARY KEY (series, hour)) WITHOUT ROWID;
        CREATE TABLE facts (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>Makes the tables in an empty file, checks them in another.</summary>
    public static void Prepare(StoreSession session, string path)
    {
        var application = Number(session, "PRAGMA application_id");
        var version = Number(session, "PRAGMA user_version");
        if (application == 0 && version == 0 && Number(session, "SELECT count(*) FROM sqlite_schema") == 0)
        {
            // Only an empty file takes this setting, which lets pruning give space back.
            session.Script("PRAGMA auto_vacuum = INCREMENTAL; VACUUM;");
            session.Script("BEGIN IMMEDIATE;");

            // Another process that starts at once may have made them meanwhile.
            if (Number(session, "SELECT count(*) FROM sqlite_schema") == 0)
            {
                session.Script(string.Create(CultureInfo.InvariantCulture, $"{Tables} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Current};"));
            }

            session.Script("COMMIT;");
            return;
        }

        if (application != ApplicationId)
        {
            throw new StoreConfigurationException($"{path} is an SQLite database of something else, not a RiskWatch store: give another data directory.");
        }

        if (version != Current)
        {
            throw new StoreConfigurationException($"The store {path} has schema {version}, this build reads {Current}: "
                + (version > Current ? "run the newer RiskWatch that wrote it, or give another data directory." : "move it away; the store is then made anew."));
        }
    }

    private static long Number(StoreSession session, string sql) => Convert.ToInt64(session.Scalar(sql), CultureInfo.InvariantCulture);
}
