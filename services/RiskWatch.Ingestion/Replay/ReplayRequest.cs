namespace RiskWatch.Ingestion.Replay;

/// <summary>What is replayed.</summary>
/// <param name="Files">Inputs (NDJSON, CSV, TSV, each also with .gz); merged in event time.</param>
/// <param name="Site">Site that takes all the input; null: the site that names the record's source.</param>
/// <param name="WorkFolder">Folder for what is sorted on disk, in the replay's own data directory.</param>
/// <param name="RecordsPerSecond">At most this many rows a second; null: as fast as it goes.</param>
/// <param name="Speed">At most this many seconds of event time a second; null: as fast as it goes.</param>
public sealed record ReplayRequest(IReadOnlyList<ReplayInput> Files, string? Site, string WorkFolder, double? RecordsPerSecond = null, double? Speed = null)
{
    /// <summary>Files that share one mapping.</summary>
    public static ReplayRequest Of(IEnumerable<string> files, string? mapping, string? site, string workFolder) =>
        new([.. files.Select(file => new ReplayInput(file, mapping))], site, workFolder);
}

/// <summary>One input of a replay.</summary>
/// <param name="File">Path.</param>
/// <param name="Mapping">Built-in mapping or mapping file; null for records in the form of DESIGN §6.</param>
public sealed record ReplayInput(string File, string? Mapping);
