using RiskWatch.Core.Ingest;

namespace RiskWatch.Core.Privacy;

/// <summary>Secrets that several ingestion instances share through configuration; rotating and destroying them is the operator's.</summary>
public sealed class ConfiguredPseudonymSecrets : IPseudonymSecrets
{
    private readonly Dictionary<string, byte[]> _weeks;
    private readonly TimeProvider _time;
    private readonly TimeSpan _lateness;

    public ConfiguredPseudonymSecrets(PrivacyOptions options, TimeProvider time)
    {
        _time = time;
        _lateness = options.Lateness;
        if (options.WeekSecrets.Keys.FirstOrDefault(name => !IsoWeek.TryParse(name, out _)) is { } wrong)
        {
            throw new IngestionConfigurationException($"{PrivacyOptions.Section}:WeekSecrets:{wrong} must be named after an ISO week, for example 2026-W48.");
        }

        _weeks = options.WeekSecrets.ToDictionary(w => w.Key, w => Base64(w.Value, "WeekSecrets:" + w.Key, 32), StringComparer.Ordinal);
        StableKey = Base64(options.StableKey, nameof(options.StableKey), 32);
    }

    /// <inheritdoc/>
    public byte[] StableKey { get; }

    /// <inheritdoc/>
    public int Destroyed { get; private set; }

    /// <inheritdoc/>
    public byte[]? OfWeek(IsoWeek week)
    {
        if (week.End() + _lateness < _time.GetUtcNow())
        {
            return null;
        }

        return _weeks.TryGetValue(week.ToString(), out var secret)
            ? secret
            : throw new IngestionConfigurationException($"{PrivacyOptions.Section}:WeekSecrets:{week} is not set: give all ingestion instances the same base64 of 32 random bytes for that week.");
    }

    /// <inheritdoc/>
    public void DestroyOver()
    {
        // Forgotten here; taking them out of the configuration is the operator's.
        var now = _time.GetUtcNow();
        Destroyed = _weeks.Keys.Count(name => IsoWeek.TryParse(name, out var week) && week.End() + _lateness < now);
    }

    internal static byte[] Base64(string? value, string key, int atLeast)
    {
        var bytes = new byte[value?.Length ?? 0];
        if (value is not null && Convert.TryFromBase64String(value, bytes, out var length) && length >= atLeast)
        {
            return bytes[..length];
        }

        throw new IngestionConfigurationException($"{PrivacyOptions.Section}:{key} must be base64 of at least {atLeast} bytes.");
    }
}
