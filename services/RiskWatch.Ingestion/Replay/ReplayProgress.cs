using RiskWatch.Contracts;

namespace RiskWatch.Ingestion.Replay;

/// <summary>How far a replay is.</summary>
/// <param name="Rows">Rows handled, those of earlier runs included.</param>
/// <param name="TotalRows">Rows in all.</param>
/// <param name="Accepted">Records that went into the log.</param>
/// <param name="Refused">Rows that became dead letters.</param>
/// <param name="Time">Event time reached; null before the first record.</param>
/// <param name="LastMinute">Minute of the last marks (minutes since 1970-01-01T00:00Z): the run is decided when all its sites' ticks have reached the minute before it.</param>
/// <param name="Sites">Sites that the input's sources belong to.</param>
/// <param name="RefusedByReason">Refusals since this process started on it.</param>
/// <param name="Done">Everything is in the log.</param>
public sealed record ReplayProgress(long Rows, long TotalRows, long Accepted, long Refused, DateTimeOffset? Time, long? LastMinute, IReadOnlyList<string> Sites, IReadOnlyDictionary<DeadLetterReason, long> RefusedByReason, bool Done);
