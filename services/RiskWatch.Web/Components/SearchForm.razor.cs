using Microsoft.AspNetCore.Components;
using RiskWatch.Web.Live;

namespace RiskWatch.Web.Components;

/// <summary>The fields of a search. Times are on the chosen site's clock.</summary>
public sealed partial class SearchForm
{
    private string? _text;
    private string? _site;
    private string? _topic;
    private string? _place;
    private string? _kind;
    private string? _sentiment;
    private string? _band;
    private DateTime? _from;
    private DateTime? _until;
    private SearchTerms? _shown;

    [Parameter]
    [EditorRequired]
    public SearchTerms Terms { get; set; } = null!;

    [Parameter]
    public EventCallback<SearchTerms> Submitted { get; set; }

    protected override void OnParametersSet()
    {
        if (_shown != Terms)
        {
            _shown = Terms;
            (_text, _site, _topic, _place, _kind, _sentiment, _band) = (Terms.Text, Terms.Site, Terms.Topic, Terms.Place, Terms.Kind, Terms.Sentiment, Terms.Band);
            (_from, _until) = (LocalTimes.Field(Terms.From, Sites.Zone(Terms.Site)), LocalTimes.Field(Terms.Until, Sites.Zone(Terms.Site)));
        }
    }

    private Task SubmitAsync() => Submitted.InvokeAsync(new SearchTerms(
        _text, _site, _topic, _place, _shown?.Source, _kind, _sentiment, _band, LocalTimes.Time(_from, Sites.Zone(_site)), LocalTimes.Time(_until, Sites.Zone(_site))));
}
