using RiskWatch.Core.Ingest;

namespace RiskWatch.Ingestion.Mappings;

/// <summary>When the things happened to which the rows of an input refer: a repost's row may give only how long after its post it came.</summary>
internal sealed class JoinedRows
{
    private const int Most = 20_000_000;

    private readonly Dictionary<ulong, long> _seconds = [];

    /// <summary>Epoch seconds by key, null where no row said so.</summary>
    public long? Of(ulong key) => _seconds.TryGetValue(key, out var seconds) ? seconds : null;

    /// <summary>Remembers a row's time; of several the earliest.</summary>
    public void Add(ulong key, DateTimeOffset time)
    {
        if (_seconds.Count >= Most)
        {
            throw new IngestionConfigurationException($"More than {Most} rows to join: split the input.");
        }

        var seconds = time.ToUnixTimeSeconds();
        _seconds[key] = Of(key) is { } held ? Math.Min(held, seconds) : seconds;
    }
}
