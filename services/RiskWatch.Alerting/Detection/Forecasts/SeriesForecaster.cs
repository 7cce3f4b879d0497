using RiskWatch.Alerting.Detection.Counts;
using RiskWatch.Contracts;
using RiskWatch.Core.Forecasts;

namespace RiskWatch.Alerting.Detection.Forecasts;

/// <summary>
/// Forecasts from history alone, made when somebody asks: the past is run through once, forecasts from each of its last hours are judged beside the same hour a week
/// before, and where they are no better nothing is said.
/// </summary>
internal sealed class SeriesForecaster : IForecaster
{
    private const int Week = 168;
    private const int LeastHours = 3 * Week;

    // What is learned before this is not judged.
    private const int Learning = 2 * Week;

    public SeriesForecast Forecast(IReadOnlyList<HistoryHour> history, Site site, DateTimeOffset from, int hours)
    {
        var end = from.ToUnixTimeSeconds() / 3600;
        var start = history.Count == 0 ? end : history[0].Hour.ToUnixTimeSeconds() / 3600;
        if (end - start < LeastHours)
        {
            return new SeriesForecast([], 0, null, null, null, ForecastWithheld.ShortHistory);
        }

        var counts = new double[end - start];
        foreach (var hour in history)
        {
            if (hour.Hour.ToUnixTimeSeconds() / 3600 is var at && at < end)
            {
                counts[at - start] = hour.Observed;
            }
        }

        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out var found) ? found : TimeZoneInfo.Utc;
        var calendar = HolidayCalendar.Find(site.Calendar);
        CountMoment[] moments = [.. Enumerable.Range(0, counts.Length + hours).Select(i => Moment(start + i, zone, calendar))];
        var forecaster = new HourForecaster(CountShape.Hourly(), hours);
        var into = new HourForecast[hours];
        double error = 0, naive = 0, volume = 0, covered = 0, judged = 0;
        for (var at = 0; at < counts.Length; at++)
        {
            forecaster.Observe(moments[at], counts[at]);
            forecaster.Forecast(moments.AsSpan(at + 1, hours), into);
            for (var i = 0; at >= Learning && i < hours && at + 1 + i < counts.Length; i++)
            {
                var count = counts[at + 1 + i];
                error += Math.Abs(count - into[i].Median);
                naive += Math.Abs(count - counts[at + 1 + i - Week]);
                volume += count;
                covered += count >= into[i].Lower && count <= into[i].Upper ? 1 : 0;
                judged++;
            }
        }

        var better = volume > 0 && error < naive;
        return new SeriesForecast(
            better ? [.. into.Select((f, i) => new ForecastHour(DateTimeOffset.FromUnixTimeSeconds((end + i) * 3600), Round(f.Median), Round(f.Lower), Round(f.Upper), Round(counts[counts.Length + i - Week])))] : [],
            counts.Length - Learning,
            volume > 0 ? Round(error / volume) : null,
            volume > 0 ? Round(naive / volume) : null,
            judged > 0 ? Round(covered / judged) : null,
            better ? null : ForecastWithheld.NoBetterThanNaive);
    }

    // The hour of day is read off the bucket, so it is the local one.
    private static CountMoment Moment(long hour, TimeZoneInfo zone, HolidayCalendar calendar)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(hour * 3600), zone);
        return CountMoment.Of(hour + (long)Math.Round(local.Offset.TotalHours), DateOnly.FromDateTime(local.DateTime), calendar);
    }

    private static double Round(double value) => Math.Round(value, 4);
}
