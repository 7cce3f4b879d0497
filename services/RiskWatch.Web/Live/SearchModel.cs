using RiskWatch.Contracts;
using RiskWatch.Core.Store;
using RiskWatch.Web.Api;

namespace RiskWatch.Web.Live;

/// <summary>What somebody searches for, as the address keeps it.</summary>
public sealed record SearchTerms(string? Text, string? Site, string? Topic, string? Place, string? Source, string? Kind, string? Sentiment, string? Band, DateTimeOffset? From, DateTimeOffset? Until)
{
    /// <summary>The address of these results.</summary>
    public string Address => "/search?" + AlertLinks.Query(
        ("text", Text), ("site", Site), ("topic", Topic), ("place", Place), ("source", Source), ("kind", Kind), ("sentiment", Sentiment), ("band", Band),
        ("from", From is { } from ? AlertLinks.Time(from) : null), ("until", Until is { } until ? AlertLinks.Time(until) : null));

    /// <summary>Length of the histogram's buckets: hours for days, days for months, weeks for years.</summary>
    public TimeSpan Bucket => (Until - From) switch
    {
        { } range when range <= TimeSpan.FromDays(5) => TimeSpan.FromHours(1),
        { } range when range > TimeSpan.FromDays(200) => TimeSpan.FromDays(7),
        _ => TimeSpan.FromDays(1),
    };

    internal RecordQuery ToQuery(int limit, string? cursor) => new()
    {
        Text = NullIfEmpty(Text),
        Site = NullIfEmpty(Site),
        Topic = NullIfEmpty(Topic),
        Place = NullIfEmpty(Place),
        Source = NullIfEmpty(Source),
        Kind = Member<RecordKind>(Kind),
        Sentiment = Member<Sentiment>(Sentiment),
        Band = Member<CredibilityBand>(Band),
        From = From,
        Until = Until,
        Limit = limit,
        Cursor = cursor,
    };

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static TEnum? Member<TEnum>(string? name)
        where TEnum : struct, Enum => name is not null && EnumNames<TEnum>.TryParse(name, out var value) ? value : null;
}

/// <summary>Results of a search: pages of records and their histogram. One page's own; not thread-safe.</summary>
internal sealed class SearchModel(IStore store)
{
    private const int PageSize = 50;

    private SearchTerms? _terms;
    private string? _cursor;

    /// <summary>Records so far, newest first.</summary>
    public IReadOnlyList<StoredRecord> Records { get; private set; } = [];

    /// <summary>Records per bucket.</summary>
    public IReadOnlyList<HistogramBucket> Histogram { get; private set; } = [];

    /// <summary>Whether there are more.</summary>
    public bool HasMore => _cursor is not null;

    /// <summary>Searches anew.</summary>
    public async Task FindAsync(SearchTerms terms, CancellationToken cancel)
    {
        var page = await store.SearchRecordsAsync(terms.ToQuery(PageSize, null), cancel);
        Histogram = await store.HistogramAsync(terms.ToQuery(PageSize, null), terms.Bucket, cancel);
        (_terms, _cursor, Records) = (terms, page.Cursor, page.Items);
    }

    /// <summary>Reads the next page.</summary>
    public async Task MoreAsync(CancellationToken cancel)
    {
        if (_terms is { } terms && _cursor is { } cursor)
        {
            var page = await store.SearchRecordsAsync(terms.ToQuery(PageSize, cursor), cancel);
            (_cursor, Records) = (page.Cursor, [.. Records, .. page.Items]);
        }
    }
}
