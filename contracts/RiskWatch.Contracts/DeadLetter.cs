using System.Text.Json.Serialization;

namespace RiskWatch.Contracts;

/// <summary>Why an entry could not be handled; a closed list.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<DeadLetterReason>))]
public enum DeadLetterReason
{
    /// <summary>Not JSON, cut short, or of the wrong shape.</summary>
    Malformed,

    /// <summary>Not UTF-8, and no other encoding was declared.</summary>
    WrongEncoding,

    /// <summary>A field that must be there is missing or empty.</summary>
    MissingField,

    /// <summary>A field has a value outside its range.</summary>
    InvalidField,

    /// <summary>Larger than the limit.</summary>
    Oversized,

    /// <summary><c>published</c> more than 5 minutes ahead of <c>received</c>.</summary>
    FromTheFuture,

    /// <summary>No site takes this source.</summary>
    UnknownSource,

    /// <summary>The mapping refuses the row, for example since it has no true time.</summary>
    RefusedByMapping,

    /// <summary>The store refused it for good.</summary>
    RefusedByStore,

    /// <summary>A stage failed on it again and again.</summary>
    Failed,
}

/// <summary>Where a dead letter came from.</summary>
/// <param name="Topic">Topic of the log, or null at the edge.</param>
/// <param name="Partition">Partition of that topic.</param>
/// <param name="Offset">Offset in it.</param>
/// <param name="Source">Source, where known.</param>
/// <param name="File">File name without folders, for files.</param>
/// <param name="Line">Line in the file or request, from 1.</param>
public sealed record DeadLetterOrigin(string? Topic = null, int? Partition = null, long? Offset = null, string? Source = null, string? File = null, long? Line = null);

/// <summary>An entry that could not be handled: raw bytes, origin, reason; kept 7 days.</summary>
public sealed record DeadLetter
{
    /// <summary>Id, 16 hexadecimal digits of a hash over origin and bytes.</summary>
    public required string Id { get; init; }

    /// <summary>Reason.</summary>
    public required DeadLetterReason Reason { get; init; }

    /// <summary>What, where and what to do; never text of the record.</summary>
    public required string Detail { get; init; }

    /// <summary>Stage that gave up, or <c>ingestion</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>Origin.</summary>
    public required DeadLetterOrigin Origin { get; init; }

    /// <summary>When (wall clock live, event time in replay).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whole length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256 of the whole, hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Raw bytes, encrypted; over 700,000 bytes the first 64 KiB.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>Mapping to use when retried, else null.</summary>
    public string? Mapping { get; init; }

    /// <summary>Site that was to take it, else null.</summary>
    public string? Site { get; init; }
}

/// <summary>Outcome of an operator's decision on a dead letter, so that a retry happens once; on <see cref="Topics.DeadLetter"/> under the letter's id.</summary>
/// <param name="Id">Dead letter.</param>
/// <param name="Retried">True: retried; false: dropped.</param>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
public sealed record DeadLetterResolution(string Id, bool Retried, string By, DateTimeOffset At);
