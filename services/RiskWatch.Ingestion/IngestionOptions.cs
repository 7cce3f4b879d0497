using System.ComponentModel.DataAnnotations;

namespace RiskWatch.Ingestion;

/// <summary>Options of ingestion.</summary>
public sealed class IngestionOptions
{
    public const string Section = "RiskWatch:Ingestion";

    /// <summary>Longest record in bytes, as it comes in. Default 1,000,000.</summary>
    [Range(1_000, 16_000_000)]
    public int LongestRecord { get; set; } = 1_000_000;

    /// <summary>Largest entry that a record may become, in bytes. Default 900,000: with its assessment it must fit into an entry of the log, 1,000,000 unless RiskWatch:Embedded:MaxEntryBytes says otherwise.</summary>
    [Range(1_000, 100_000_000)]
    public int LargestEntry { get; set; } = 900_000;

    /// <summary>Largest body of one push in bytes. Default 200,000,000.</summary>
    [Range(1_000, 10_000_000_000)]
    public long LargestPush { get; set; } = 200_000_000;

    /// <summary>Records appended at once by a push. Default 500.</summary>
    [Range(1, 10_000)]
    public int PushBatch { get; set; } = 500;

    /// <summary>A push is refused (429) while classification is this many entries behind. Default 1,000,000.</summary>
    [Range(1, long.MaxValue)]
    public long PushMaxLag { get; set; } = 1_000_000;

    /// <summary>When a refused push may be tried again. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PushRetryAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Rows in one commit of a replay. Default 2,000.</summary>
    [Range(1, 100_000)]
    public int ReplayBatch { get; set; } = 2_000;

    /// <summary>A replay waits while classification is this many entries behind. Default 200,000.</summary>
    [Range(1, long.MaxValue)]
    public long ReplayMaxLag { get; set; } = 200_000;

    /// <summary>A source that has sent nothing for so long is silent, and somebody is warned. Default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "31.00:00:00")]
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromHours(1);
}
