using RiskWatch.Alerting.Detection.Forecasts;
using RiskWatch.Contracts;
using RiskWatch.Core.Forecasts;
using RiskWatch.Server.Benchmarks.Detection;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Alerting.Counts;

/// <summary>Forecasts of a series from its closed hours.</summary>
public sealed class SeriesForecasterTests
{
    private readonly CountSampler _sampler = new(3);

    [Fact]
    public void A_series_with_a_rhythm_is_forecast_better_than_by_last_week()
    {
        var forecast = Forecast(56, hour => _sampler.NegativeBinomial(Mean(hour), 1.5));

        Assert.Null(forecast.Withheld);
        Assert.Equal(Enumerable.Range(0, 48).Select(i => Town.Start.AddDays(56).AddHours(i)), forecast.Hours.Select(h => h.Hour));
        Assert.True(forecast.Error < forecast.NaiveError);
        Assert.InRange(forecast.Coverage!.Value, 0.85, 0.95);
        Assert.All(forecast.Hours, h => Assert.InRange(h.Median, 0.6 * Mean((int)(h.Hour - Town.Start).TotalHours), 1.5 * Mean((int)(h.Hour - Town.Start).TotalHours)));
        Assert.All(forecast.Hours, h => Assert.True(h.Lower <= h.Median && h.Median <= h.Upper));
    }

    [Fact]
    public void Where_last_week_says_all_the_forecast_is_withheld()
    {
        var week = Enumerable.Range(0, 168).Select(_ => 1000.0 * _sampler.Uniform()).ToArray();

        Assert.Equal(ForecastWithheld.NoBetterThanNaive, Forecast(56, hour => week[hour % 168]).Withheld);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(0)]
    public void Without_three_weeks_there_is_none(int days) => Assert.Equal(ForecastWithheld.ShortHistory, Forecast(days, _ => 5).Withheld);

    [Fact]
    public void A_series_of_nothing_and_one_of_thousands_of_millions_are_no_trouble()
    {
        Assert.Equal(ForecastWithheld.NoBetterThanNaive, Forecast(40, hour => hour == 0 ? 1 : 0).Withheld);
        Assert.All(Forecast(40, hour => hour % 24 == 9 ? 1e9 : 1).Hours, h => Assert.True(double.IsFinite(h.Upper)));
    }

    private static SeriesForecast Forecast(int days, Func<int, double> count) => new SeriesForecaster().Forecast(
        [.. Enumerable.Range(0, days * 24).Select(hour => (Hour: hour, Count: count(hour))).Where(h => h.Hour == 0 || h.Count > 0)
            .Select(h => new HistoryHour(Town.Site, "*", "town", null, Town.Start.AddHours(h.Hour), h.Count, 0, 0, 0, new TallyCounts(), 0, 1))],
        Town.Definition,
        Town.Start.AddDays(days),
        48);

    private static double Mean(int hour) => 40 * (hour % 24 >= 12 ? 1.5 : 0.5) * (hour / 24 % 7 >= 5 ? 0.6 : 1);
}
