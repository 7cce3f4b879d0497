using RiskWatch.Contracts;

namespace RiskWatch.Core.Status;

/// <summary>How the sources of this process do: ingestion reports, the status provider reads. Thread-safe.</summary>
public interface ISourceStatusRegistry
{
    /// <summary>Replaces what is known of a source.</summary>
    void Report(SourceStatus status);

    /// <summary>The source is no longer configured.</summary>
    void Forget(string source);

    /// <summary>All sources, by site, then name.</summary>
    IReadOnlyList<SourceStatus> All { get; }
}

/// <summary>The registry in memory.</summary>
public sealed class SourceStatusRegistry : ISourceStatusRegistry
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, SourceStatus> _sources = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<SourceStatus> All => [.. _sources.Values.OrderBy(s => s.Site, StringComparer.Ordinal).ThenBy(s => s.Source, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public void Report(SourceStatus status) => _sources[status.Source] = status;

    /// <inheritdoc/>
    public void Forget(string source) => _sources.TryRemove(source, out _);
}
