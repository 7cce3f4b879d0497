namespace RiskWatch.Core.Log;

/// <summary>One entry read from the event log. <see cref="Value"/> is null for a tombstone. The bytes stay valid after the batch is gone.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Partition">Partition of the topic.</param>
/// <param name="Offset">Offset in the partition; grows, gaps are possible.</param>
/// <param name="Key">Key, null where the entry has none.</param>
/// <param name="Type">What the value is (<c>EntryTypes</c>); empty where the writer gave none.</param>
/// <param name="SchemaVersion">Version of that contract; this build reads <see cref="Schema.Current"/> and older.</param>
/// <param name="Value">UTF-8 JSON, null for a tombstone.</param>
/// <param name="AppendedAt">Ingest time of the entry.</param>
/// <param name="TraceParent">W3C trace context, null where none was sent.</param>
public sealed record LogMessage(string Topic, int Partition, long Offset, string? Key, string Type, int SchemaVersion, ReadOnlyMemory<byte>? Value, DateTimeOffset AppendedAt, string? TraceParent = null);

/// <summary>Where an output goes within its topic.</summary>
public enum OutputRoute
{
    /// <summary>The partition that its key hashes to (<see cref="PartitionHash"/>).</summary>
    ByKey,

    /// <summary>The partition given in <see cref="LogOutput.Partition"/>.</summary>
    ToPartition,

    /// <summary>Every partition of the topic.</summary>
    ToAllPartitions,
}

/// <summary>One entry to append.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Key">Key; also decides the partition where <paramref name="Route"/> says so.</param>
/// <param name="Type">What the value is (<c>EntryTypes</c>).</param>
/// <param name="Value">UTF-8 JSON, null for a tombstone.</param>
/// <param name="Route">Default: by key.</param>
/// <param name="Partition">For <see cref="OutputRoute.ToPartition"/>.</param>
/// <param name="PartitionKey">Hashed in place of <paramref name="Key"/> where the two differ (alerts lie with their site).</param>
public sealed record LogOutput(string Topic, string? Key, string Type, ReadOnlyMemory<byte>? Value, OutputRoute Route = OutputRoute.ByKey, int Partition = 0, string? PartitionKey = null);

/// <summary>Position of an appended entry.</summary>
public readonly record struct LogPosition(string Topic, int Partition, long Offset);

/// <summary>One entry of a stage's state in one partition. A null value in a change removes it.</summary>
/// <param name="Partition">Partition of the stage's input.</param>
/// <param name="Key">Key within the stage and partition.</param>
/// <param name="Value">Bytes, null to remove.</param>
public sealed record StateChange(int Partition, string Key, ReadOnlyMemory<byte>? Value);

/// <summary>A partition that a member now owns, with its stage's state as last committed.</summary>
/// <param name="Partition">Partition of the input topic.</param>
/// <param name="State">Every entry of the state, in no particular order.</param>
public sealed record PartitionAssignment(int Partition, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> State);

/// <summary>Version of the contracts that this build writes and reads.</summary>
public static class Schema
{
    /// <summary>Entries of a newer version stop the stage (LOG §1.5).</summary>
    public const int Current = 1;
}
