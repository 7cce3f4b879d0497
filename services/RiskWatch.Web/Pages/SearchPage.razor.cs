using Microsoft.AspNetCore.Components;
using RiskWatch.Core.Store;
using RiskWatch.Web.Live;

namespace RiskWatch.Web.Pages;

/// <summary>Search of records; its address holds the whole search, so that it can be sent to a colleague.</summary>
public sealed partial class SearchPage
{
    private SearchModel _model = null!;
    private SearchTerms? _found;
    private bool _searching = true;

    [Inject]
    internal IStore Store { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Text { get; set; }

    /// <summary>What people write into an address by hand; the page's own addresses say <c>text</c>.</summary>
    [SupplyParameterFromQuery]
    private string? Q { get; set; }

    [SupplyParameterFromQuery]
    private string? Site { get; set; }

    [SupplyParameterFromQuery]
    private string? Topic { get; set; }

    [SupplyParameterFromQuery]
    private string? Place { get; set; }

    [SupplyParameterFromQuery]
    private string? Source { get; set; }

    [SupplyParameterFromQuery]
    private string? Kind { get; set; }

    [SupplyParameterFromQuery]
    private string? Sentiment { get; set; }

    [SupplyParameterFromQuery]
    private string? Band { get; set; }

    [SupplyParameterFromQuery]
    private string? From { get; set; }

    [SupplyParameterFromQuery]
    private string? Until { get; set; }

    private SearchTerms Terms => new(Text ?? Q, Site, Topic, Place, Source, Kind, Sentiment, Band, LocalTimes.FromAddress(From), LocalTimes.FromAddress(Until));

    // Without a site the results may be of several; their histogram is then in UTC.
    private string Zone => Site ?? "";

    protected override async Task OnParametersSetAsync()
    {
        _model ??= new SearchModel(Store);
        if (_found != Terms)
        {
            _found = Terms;
            _searching = true;
            await FindAsync();
            _searching = false;
        }
    }

    private void GoTo(SearchTerms terms) => Navigation.NavigateTo(terms.Address);

    private Task<bool> FindAsync() => AskAsync(async cancel => { await _model.FindAsync(Terms, cancel); return true; });

    private Task<bool> MoreAsync() => AskAsync(async cancel => { await _model.MoreAsync(cancel); return true; });
}
