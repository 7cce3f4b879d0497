using System.Collections.Concurrent;

namespace RiskWatch.Ingestion.Push;

/// <summary>What has come from a pushed source since this process started.</summary>
/// <param name="Records">Records taken.</param>
/// <param name="Refused">Lines refused.</param>
/// <param name="LastReceived">When the last record was taken.</param>
/// <param name="LastPublished">Greatest event time.</param>
/// <param name="Error">Why the last line was refused; null where the last one was taken.</param>
internal sealed record PushCount(long Records = 0, long Refused = 0, DateTimeOffset? LastReceived = null, DateTimeOffset? LastPublished = null, string? Error = null);

/// <summary>Counts of the pushed sources. Thread-safe.</summary>
internal sealed class PushCounters
{
    private readonly ConcurrentDictionary<string, PushCount> _counts = new(StringComparer.Ordinal);

    /// <summary>A line was taken (no error) or refused.</summary>
    public void Count(string source, DateTimeOffset now, DateTimeOffset? published, string? error) => _counts.AddOrUpdate(
        source,
        static (_, s) => Next(new PushCount(), s),
        static (_, held, s) => Next(held, s),
        (now, published, error));

    /// <summary>What has come from a source.</summary>
    public PushCount Of(string source) => _counts.GetValueOrDefault(source) ?? new PushCount();

    private static PushCount Next(PushCount held, (DateTimeOffset Now, DateTimeOffset? Published, string? Error) line) => line.Error is not null
        ? held with { Refused = held.Refused + 1, Error = line.Error }
        : held with
        {
            Records = held.Records + 1,
            LastReceived = line.Now,
            LastPublished = held.LastPublished > line.Published ? held.LastPublished : line.Published,
            Error = null,
        };
}
