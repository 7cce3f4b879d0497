using System.Text.Json.Nodes;
using RiskWatch.Alerting.Detection.Counts;
using RiskWatch.Alerting.Detection.Forecasts;

namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>Day-ahead forecasts (1 to 24 hours, from each of the last 1,008 hours) of NAB's tweet volumes and of New York's taxis, both summed by the hour, beside the same hour a week and a day before; and at 1, 6 and 24 hours from every hour but those of the first two weeks. The taxis' last six weeks hold Christmas, New Year and a blizzard; the six before stand beside them.</summary>
internal static class ForecastBenchmark
{
    private const int Origins = 1008;
    private const int FirstOrigin = 14 * 24;
    private static readonly int[] Ahead = [1, 6, 24];
    private const int Horizons = HourForecaster.Day;

    /// <summary>Weighted absolute percentage error and coverage of the 90 % interval of each set; rates as fractions.</summary>
    public static Task<JsonObject> RunAsync(string folder, CancellationToken cancel) => Task.Run(
        () =>
        {
            var files = NabCorpus.Read(folder);
            var taxi = files.Where(f => f.Name == "nyc_taxi.csv").Select(Hours).ToList();
            return new JsonObject
            {
                ["origins"] = Origins,
                ["horizonHours"] = Horizons,
                ["tweets"] = Set([.. files.Where(f => f.Category == "realTweets").Select(f => Judge(Hours(f), cancel))]),
                ["tweetsFromAllHours"] = AllHours([.. files.Where(f => f.Category == "realTweets").Select(f => Judge(Hours(f), cancel))]),
                ["taxiFromAllHours"] = AllHours([.. taxi.Select(hours => Judge(hours, cancel))]),
                ["taxi"] = Set([.. taxi.Select(hours => Judge(hours, cancel))]),
                ["taxiBeforeChristmas"] = Set([.. taxi.Select(hours => Judge(hours[..^Origins], cancel))]),
            };
        },
        cancel);

    private static JsonObject Set(List<ForecastTally> series) => new()
    {
        ["series"] = series.Count,
        ["weightedAbsolutePercentageError"] = DetectionFigures.Rounded(series.Average(s => s.Error / s.Volume)),
        ["weightedAbsolutePercentageErrorPooled"] = DetectionFigures.Rounded(series.Sum(s => s.Error) / series.Sum(s => s.Volume)),
        ["sameHourLastWeek"] = DetectionFigures.Rounded(series.Average(s => s.WeekError / s.Volume)),
        ["sameHourYesterday"] = DetectionFigures.Rounded(series.Average(s => s.DayError / s.Volume)),
        ["coverage"] = DetectionFigures.Rounded(series.Sum(s => s.Covered) / (double)series.Sum(s => s.Forecasts)),
        ["lowestSeriesCoverage"] = DetectionFigures.Rounded(series.Min(s => s.Covered / (double)s.Forecasts)),
        ["highestSeriesCoverage"] = DetectionFigures.Rounded(series.Max(s => s.Covered / (double)s.Forecasts)),
    };

    private static JsonObject AllHours(List<ForecastTally> series) => new(Ahead.Select((ahead, i) => KeyValuePair.Create<string, JsonNode?>(
        $"weightedAbsolutePercentageErrorAt{ahead}Hours", DetectionFigures.Rounded(series.Average(s => s.AheadError[i] / s.AheadVolume[i])))));

    private static ForecastTally Judge((CountMoment Moment, double Count)[] hours, CancellationToken cancel)
    {
        var forecaster = new HourForecaster(CountShape.Hourly());
        var tally = new ForecastTally();
        var into = new HourForecast[Horizons];
        for (var at = 0; at < hours.Length; at++)
        {
            cancel.ThrowIfCancellationRequested();
            forecaster.Observe(hours[at].Moment, hours[at].Count);
            CountMoment[] coming = [.. hours.Skip(at + 1).Take(Horizons).Select(h => h.Moment)];
            forecaster.Forecast(coming, into);
            for (var i = 0; at >= FirstOrigin && i < Ahead.Length && Ahead[i] <= coming.Length; i++)
            {
                tally.AheadError[i] += Math.Abs(hours[at + Ahead[i]].Count - into[Ahead[i] - 1].Median);
                tally.AheadVolume[i] += hours[at + Ahead[i]].Count;
            }

            if (at >= hours.Length - Origins - Horizons && coming.Length == Horizons)
            {
                for (var i = 0; i < Horizons; i++)
                {
                    tally.Add(into[i], hours[at + 1 + i].Count, hours[Math.Max(0, at + 1 + i - 168)].Count, hours[at + 1 + i - 24].Count);
                }
            }
        }

        return tally;
    }

    private static (CountMoment Moment, double Count)[] Hours(NabFile file)
    {
        var calendar = HolidayCalendar.Named("us");
        return [.. file.Times.Zip(file.Values)
            .GroupBy(pair => new DateTime(pair.First.Year, pair.First.Month, pair.First.Day, pair.First.Hour, 0, 0, DateTimeKind.Utc))
            .OrderBy(g => g.Key)
            .Select(g => (CountMoment.Of((g.Key - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerHour, DateOnly.FromDateTime(g.Key), calendar), g.Sum(pair => pair.Second)))
            .Skip(1).SkipLast(1)];
    }

    private sealed class ForecastTally
    {
        public double[] AheadError { get; } = new double[Ahead.Length];

        public double[] AheadVolume { get; } = new double[Ahead.Length];

        public double Error { get; private set; }

        public double WeekError { get; private set; }

        public double DayError { get; private set; }

        public double Volume { get; private set; }

        public int Covered { get; private set; }

        public int Forecasts { get; private set; }

        public void Add(HourForecast forecast, double count, double lastWeek, double yesterday)
        {
            Error += Math.Abs(count - forecast.Median);
            WeekError += Math.Abs(count - lastWeek);
            DayError += Math.Abs(count - yesterday);
            Volume += count;
            Covered += count >= forecast.Lower && count <= forecast.Upper ? 1 : 0;
            Forecasts++;
        }
    }
}
