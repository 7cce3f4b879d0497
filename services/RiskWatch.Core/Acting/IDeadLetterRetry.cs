using RiskWatch.Contracts;
using RiskWatch.Core.Log;

namespace RiskWatch.Core.Acting;

/// <summary>Makes of a dead letter that came from the edge what it would be now: the caller appends the entries together with the letter's resolution.</summary>
public interface IDeadLetterRetry
{
    /// <summary>Handles the letter's bytes once more, received anew at <paramref name="now"/> (LOG §3.7). Writes nothing.</summary>
    DeadLetterRetryResult Retry(DeadLetter letter, DateTimeOffset now);
}

/// <summary>What a retry gives: entries, or why there are none.</summary>
/// <param name="Outputs">Entries to append; empty where it is refused again.</param>
/// <param name="Reason">Why it is refused, null where it is not.</param>
/// <param name="Detail">In words, with what to do.</param>
public sealed record DeadLetterRetryResult(IReadOnlyList<LogOutput> Outputs, DeadLetterReason? Reason = null, string? Detail = null);
