using Microsoft.AspNetCore.Components;
using RiskWatch.Contracts;
using RiskWatch.Core.Forecasts;
using RiskWatch.Web.Live;

namespace RiskWatch.Web.Pages;

/// <summary>A series' observed against expected by hour.</summary>
public sealed partial class TrendsPage
{
    private IReadOnlyList<HistoryHour>? _hours;
    private IReadOnlyList<EvidencePoint> _points = [];
    private SeriesForecast? _forecast;
    private TrendChoice? _asked;
    private TrendChoice? _shown;
    private string? _site;
    private string? _topic;
    private string? _place;
    private DateTime? _from;
    private DateTime? _until;

    [Inject]
    internal TrendReader Reader { get; set; } = null!;

    [Inject]
    internal ForecastReader Forecasts { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Site { get; set; }

    [SupplyParameterFromQuery]
    private string? Topic { get; set; }

    [SupplyParameterFromQuery]
    private string? Term { get; set; }

    [SupplyParameterFromQuery]
    private string? Place { get; set; }

    [SupplyParameterFromQuery]
    private string? From { get; set; }

    [SupplyParameterFromQuery]
    private string? Until { get; set; }

    private TrendChoice Choice => new(Site, Topic, Term, Place, LocalTimes.FromAddress(From), LocalTimes.FromAddress(Until));

    protected override Task OnParametersSetAsync() => _asked == Choice ? Task.CompletedTask : LoadAsync();

    private async Task LoadAsync()
    {
        _asked = Choice;
        _shown = Reader.Complete(Choice);
        var zone = Sites.Zone(_shown.Site);
        (_site, _topic, _place) = (_shown.Site, _shown.Topic is "*" ? null : _shown.Topic, _shown.Place);
        (_from, _until) = (LocalTimes.Field(_shown.From, zone), LocalTimes.Field(_shown.Until, zone));
        _hours = await AskAsync(cancel => Reader.ReadAsync(Choice, cancel)) ?? [];
        _points = [.. _hours.Select(h => new EvidencePoint(h.Hour, h.Observed, h.Expected, h.Lower, h.Upper))];

        // From where the shown stretch ends, which by default is now.
        _forecast = _hours.Count > 0 && _shown is { Site: { } id, Place: { } place, Until: { } until } && Sites.Find(id) is { } site
            ? await AskAsync(cancel => Forecasts.ReadAsync(new SeriesId(id, _shown.Topic, place, _shown.Term), site, until, IForecaster.MostHours, cancel))
            : null;
    }

    // A place of another site has no series in this one.
    private void Show() => Navigation.NavigateTo(new TrendChoice(
        _site, string.IsNullOrEmpty(_topic) ? null : _topic, null, _site == _shown?.Site ? _place : null,
        LocalTimes.Time(_from, Sites.Zone(_site)), LocalTimes.Time(_until, Sites.Zone(_site))).Address);

    private string Subject(TrendChoice choice) => choice.Term is { } term ? $"“{term}”" : choice.Topic is "*" or null ? W.Everything : W.Of(Sites.Topic(choice.Site, choice.Topic));
}
