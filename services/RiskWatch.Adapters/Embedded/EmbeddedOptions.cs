using System.ComponentModel.DataAnnotations;

namespace RiskWatch.Adapters.Embedded;

/// <summary>Options of the embedded event log and store.</summary>
public sealed class EmbeddedOptions
{
    public const string Section = "RiskWatch:Embedded";

    /// <summary>How long a member may be silent before its partitions go to others. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "01:00:00")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a living process may neither read nor commit before it counts as silent. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "24:00:00")]
    public TimeSpan MaxPollInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the log looks for entries that another process wrote. Default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:01")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long to wait for another process's write before it counts as a failure. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest value of an entry or of a stage's state, in bytes. Default 1,000,000.</summary>
    [Range(1_000, 100_000_000)]
    public int MaxEntryBytes { get; set; } = 1_000_000;

    /// <summary>Size at which the edge refuses records (LOG §8), in bytes. Default 20 GB.</summary>
    [Range(1_000_000, long.MaxValue)]
    public long MaxLogBytes { get; set; } = 20_000_000_000;

    /// <summary>Size of the log's file at which every write fails as on a full disk, in bytes; 0 for none. Default 0.</summary>
    [Range(0, long.MaxValue)]
    public long MaxFileBytes { get; set; }

    /// <summary>Size of the store's file at which every write fails as on a full disk, in bytes; 0 for none. Default 0.</summary>
    [Range(0, long.MaxValue)]
    public long MaxStoreFileBytes { get; set; }

    /// <summary>How long a tombstone of a compacted topic stays readable. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan TombstoneRetention { get; set; } = TimeSpan.FromHours(24);
}
