using System.Globalization;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>Families of indices.</summary>
internal enum IndexFamily
{
    Records,
    Alerts,
    Trends,
    Deleted,
}

/// <summary>Names of aliases (<c>riskwatch-records</c>), monthly indices (<c>riskwatch-records-2021.07</c>) and the index of deletions.</summary>
internal sealed class IndexNames(string prefix)
{
    public static IReadOnlyList<IndexFamily> Monthly { get; } = [IndexFamily.Records, IndexFamily.Alerts, IndexFamily.Trends];

    /// <summary>Name for reading all months; also the template's.</summary>
    public string Alias(IndexFamily family) => $"{prefix}-{Word(family)}";

    /// <summary>The index of deletions.</summary>
    public string Deleted => $"{prefix}-deleted";

    /// <summary>The lifecycle policy.</summary>
    public string Policy => $"{prefix}-months";

    /// <summary>What all indices of a family match.</summary>
    public string Pattern(IndexFamily family) => family == IndexFamily.Deleted ? Deleted : Alias(family) + "-*";

    /// <summary>The index of a time's month, UTC.</summary>
    public string Month(IndexFamily family, DateTimeOffset time) => string.Create(CultureInfo.InvariantCulture, $"{Alias(family)}-{time.UtcDateTime:yyyy.MM}");

    /// <summary>Start of the month that an index is for, null where the name is none of ours.</summary>
    public DateTimeOffset? StartOf(IndexFamily family, string index)
    {
        var start = Alias(family).Length + 1;
        return index.Length > start && index.StartsWith(Alias(family) + "-", StringComparison.Ordinal)
            && DateTime.TryParseExact(index[start..], "yyyy.MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var month)
            ? new DateTimeOffset(month) : null;
    }

    private static string Word(IndexFamily family) => family switch
    {
        IndexFamily.Records => "records",
        IndexFamily.Alerts => "alerts",
        IndexFamily.Trends => "trends",
        _ => "deleted",
    };
}
