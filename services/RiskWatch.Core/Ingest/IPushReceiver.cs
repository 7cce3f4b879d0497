using RiskWatch.Contracts;

namespace RiskWatch.Core.Ingest;

/// <summary>Takes records that somebody pushes (NDJSON, one record of DESIGN §6 a line). What it accepts is durable in the log when it returns; the web maps it to <c>POST /api/records</c>.</summary>
public interface IPushReceiver
{
    /// <summary>Reads the body to its end, or until it has to stop; never throws for what the body holds.</summary>
    Task<PushResult> ReceiveAsync(Stream body, PushRequest request, CancellationToken cancel);
}

/// <summary>What the pusher says besides the body.</summary>
/// <param name="Source">Source of records that name none; null where every record must name its own.</param>
/// <param name="Charset">Charset of the content type, null for UTF-8.</param>
/// <param name="Lines">True: one record a line, whatever the body begins with; false: an array or one object over several lines is taken too.</param>
public sealed record PushRequest(string? Source = null, string? Charset = null, bool Lines = false);

/// <summary>Why a push stopped before its end.</summary>
public enum PushStop
{
    /// <summary>It did not: every line was taken or refused.</summary>
    None,

    /// <summary>The body is larger than the limit; lines before it were handled (HTTP 413).</summary>
    TooLarge,

    /// <summary>The log is full or too far behind: try again after <see cref="PushResult.RetryAfter"/> with the lines from <see cref="PushResult.NextLine"/> on (HTTP 429).</summary>
    Busy,
}

/// <summary>What became of a push.</summary>
/// <param name="Accepted">Records taken.</param>
/// <param name="Refused">Lines refused, in order; at most the first 1,000.</param>
/// <param name="RefusedCount">Lines refused in all.</param>
/// <param name="Stop">Whether it stopped early.</param>
/// <param name="NextLine">First line that was not handled, from 1; null where all were.</param>
/// <param name="RetryAfter">For <see cref="PushStop.Busy"/>: when to try again.</param>
public sealed record PushResult(long Accepted, IReadOnlyList<PushRefusal> Refused, long RefusedCount, PushStop Stop = PushStop.None, long? NextLine = null, TimeSpan? RetryAfter = null);

/// <summary>A line that was refused; it is dead-lettered too.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">What, where and what to do; never text of the record.</param>
public sealed record PushRefusal(long Line, DeadLetterReason Reason, string Detail);
