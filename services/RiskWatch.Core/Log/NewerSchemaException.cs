namespace RiskWatch.Core.Log;

/// <summary>An entry was written by a newer version of the contracts than this build reads; the stage stops, since consumers are upgraded first (LOG §1.5).</summary>
public sealed class NewerSchemaException : Exception
{
    public NewerSchemaException(LogMessage entry)
        : base($"Entry {entry.Offset} of {entry.Topic}, partition {entry.Partition} has schema version {entry.SchemaVersion}; this build reads up to {Schema.Current}. Upgrade this process before those that write.")
    {
        Entry = entry;
    }

    /// <summary>The entry.</summary>
    public LogMessage Entry { get; }

    /// <summary>Throws where <paramref name="entry"/> is newer than this build reads.</summary>
    public static void ThrowIfNewer(LogMessage entry)
    {
        if (entry.SchemaVersion > Schema.Current)
        {
            throw new NewerSchemaException(entry);
        }
    }
}
