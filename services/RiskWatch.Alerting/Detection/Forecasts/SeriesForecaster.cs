using RiskWatch.Alerting.Detection.Counts;
using RiskWatch.Alerting.Warning;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Forecasts;
using RiskWatch.Core.Places;

namespace RiskWatch.Alerting.Detection.Forecasts;

/// <summary>
/// Forecasts from history alone, made when somebody asks: the past is run through once, forecasts from each of its last hours are judged beside the same hour a week
/// before, and where they are no better nothing is said.
/// </summary>
internal sealed class SeriesForecaster(IControlTable control, ITaxonomy taxonomy, IGazetteer gazetteer) : IForecaster
{
    private const int Week = ForecastPast.Week;
    private const int LeastHours = 3 * Week;

    // The share of fewer records says nothing.
    private const int LeastRecords = 5;

    // Shares are forecast as counts are, on a scale on which these have a variance.
    private const double ShareScale = 1000;

    public SeriesForecast Forecast(IReadOnlyList<HistoryHour> history, SeriesId series, Site site, DateTimeOffset from, int hours)
    {
        var end = from.ToUnixTimeSeconds() / 3600;
        var start = history.Count == 0 ? end : history[0].Hour.ToUnixTimeSeconds() / 3600;
        if (end - start < LeastHours)
        {
            return new SeriesForecast([], 0, null, null, null, ForecastWithheld.ShortHistory, [], new ShareForecast([], null, null, null, ForecastWithheld.ShortHistory));
        }

        var (counts, negative, records) = (new double[end - start], new double[end - start], new double[end - start]);
        foreach (var hour in history)
        {
            if (hour.Hour.ToUnixTimeSeconds() / 3600 is var at && at < end)
            {
                (counts[at - start], negative[at - start], records[at - start]) = (hour.Observed, hour.Counts.Negative, hour.Counts.Total);
            }
        }

        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out var found) ? found : TimeZoneInfo.Utc;
        var calendar = HolidayCalendar.Find(site.Calendar);
        CountMoment[] moments = [.. Enumerable.Range(0, counts.Length + hours).Select(i => Moment(start + i, zone, calendar))];
        var volume = ForecastPast.Run(counts, _ => true, moments, hours);
        var share = ForecastPast.Run(Shares(negative, records), at => records[at] >= LeastRecords && records[at - Week] >= LeastRecords, moments, hours);
        var book = new RuleBook(control.Latest, site.Id, from, known => new Kinship(taxonomy, gazetteer, known));
        return new SeriesForecast(
            volume.IsBetter ? Coming(volume, end, 1) : [],
            counts.Length - ForecastPast.Learning,
            Round(volume.Error),
            Round(volume.NaiveError),
            Round(volume.Coverage),
            volume.IsBetter ? null : ForecastWithheld.NoBetterThanNaive,
            volume.IsBetter && book.For(series).Rule is { } rule ? [.. rule.Levels.OrderBy(l => l.Level).Select(l => new LevelChance(l.Level, Round(volume.ChanceOf(l)) ?? 0))] : [],
            new ShareForecast(
                share.IsBetter ? Coming(share, end, ShareScale) : [], Round(share.Error), Round(share.NaiveError), Round(share.Coverage), share.IsBetter ? null : ForecastWithheld.NoBetterThanNaive));
    }

    private static ForecastHour[] Coming(ForecastPast past, long end, double scale)
    {
        // A share does not go beyond one.
        double Of(double value) => Math.Round(scale > 1 ? Math.Min(1, value / scale) : value, 4);
        return [.. past.Coming.Select((f, i) => new ForecastHour(DateTimeOffset.FromUnixTimeSeconds((end + i) * 3600), Of(f.Median), Of(f.Lower), Of(f.Upper), Of(past.Naive(i))))];
    }

    // An hour of few records goes on as what was before it, for it says nothing else.
    private static double[] Shares(double[] negative, double[] records)
    {
        var shares = new double[records.Length];
        double part = 0, whole = 0;
        for (var at = 0; at < shares.Length; at++)
        {
            const double Kept = 0.9;
            (part, whole) = ((Kept * part) + negative[at], (Kept * whole) + records[at]);
            shares[at] = ShareScale * (records[at] >= LeastRecords ? negative[at] / records[at] : whole > 0 ? part / whole : 0);
        }

        return shares;
    }

    // The hour of day is read off the bucket, so it is the local one.
    private static CountMoment Moment(long hour, TimeZoneInfo zone, HolidayCalendar calendar)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(hour * 3600), zone);
        return CountMoment.Of(hour + (long)Math.Round(local.Offset.TotalHours), DateOnly.FromDateTime(local.DateTime), calendar);
    }

    private static double? Round(double? value) => value is { } number ? Math.Round(number, 4) : null;
}
