using RiskWatch.Contracts;
using RiskWatch.Core.Forecasts;
using RiskWatch.Core.Store;

namespace RiskWatch.Web.Live;

/// <summary>Forecasts a series from what the store holds of it.</summary>
internal sealed class ForecastReader(IStore store, TrendReader trends, IForecaster forecaster)
{
    /// <summary>The coming hours from <paramref name="at"/> on, by default from what the site has decided.</summary>
    public async Task<SeriesForecast> ReadAsync(SeriesId series, Site site, DateTimeOffset? at, int hours, CancellationToken cancel)
    {
        var moment = at ?? trends.Decided(site.Id);
        var from = new DateTimeOffset(moment.Ticks - (moment.Ticks % TimeSpan.TicksPerHour), moment.Offset).ToUniversalTime();
        var history = await store.TrendAsync(series, from - IForecaster.History, from, cancel).ConfigureAwait(false);

        // A third of a second of work, which no page and no request shall wait for on its own thread.
        return await Task.Run(() => forecaster.Forecast(history, series, site, from, hours), cancel).ConfigureAwait(false);
    }
}
