namespace RiskWatch.Core.Privacy;

/// <summary>Where pseudonyms take their secrets from (LOG §10.1). Thread-safe.</summary>
public interface IPseudonymSecrets
{
    /// <summary>The secret of an ISO week, at least 32 bytes; null where it has been destroyed: that week's authors can no longer become pseudonyms.</summary>
    /// <exception cref="Ingest.IngestionConfigurationException">The secrets cannot be read or written, or the week's is not configured.</exception>
    byte[]? OfWeek(IsoWeek week);

    /// <summary>The installation's stable key for ids that name authors, at least 32 bytes.</summary>
    byte[] StableKey { get; }

    /// <summary>How many weeks' secrets have been destroyed; when it grows, keys derived from them must go too.</summary>
    int Destroyed { get; }

    /// <summary>Destroys the secrets of weeks that are over, lateness included; called each minute.</summary>
    void DestroyOver();
}
