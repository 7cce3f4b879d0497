using System.ComponentModel.DataAnnotations;

namespace RiskWatch.Core.Log;

/// <summary>How stage workers read and commit.</summary>
public sealed class StageWorkerOptions
{
    public const string Section = "RiskWatch:Worker";

    /// <summary>Most entries a batch may have; adapted downwards so that a batch is at most a second of work. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxBatch { get; set; } = 10_000;

    /// <summary>How long a caught-up worker waits for more once it has an entry; at most 50 ms (LOG §1.1). Default 20 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:00.050")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long one read waits for anything at all. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait between tries while something is out of reach. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LongestBackoff { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Workers a process runs per stage. Default 1.</summary>
    [Range(1, 64)]
    public int WorkersPerStage { get; set; } = 1;
}
