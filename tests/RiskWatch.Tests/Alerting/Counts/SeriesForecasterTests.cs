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

    [Fact]
    public void The_chance_to_reach_a_level_is_about_how_often_hours_ahead_did()
    {
        const int Runs = 6, Simulated = 5000, Threshold = 100, Rare = 120;
        double Count(int hour) => _sampler.NegativeBinomial(Mean(hour), 4);
        var level = new LevelThreshold(AlertLevel.IV, 0.1, Threshold, 0);
        var rule = Town.RuleEntry(Town.Surge with { Levels = [level, level with { Level = AlertLevel.III, MinimumCount = Rare }, level with { Level = AlertLevel.I, MinimumCount = 500 }] }, 2);

        var said = Enumerable.Range(0, Runs).Select(_ => Forecast(42, Count, rule).Chances).ToList();
        double Real(int count) => Enumerable.Range(0, Simulated).Average(run => Enumerable.Range(run % 168, 48).Any(hour => Count(hour) >= count) ? 1.0 : 0);

        Assert.All(said, chances => Assert.Equal([AlertLevel.IV, AlertLevel.III, AlertLevel.I], chances.Select(c => c.Level)));
        Assert.InRange(said.Average(c => c[0].Chance) / Real(Threshold), 0.5, 2);
        Assert.InRange(said.Average(c => c[1].Chance) / Real(Rare), 0.4, 1.6);
        Assert.All(said, c => Assert.InRange(c[2].Chance, 0, 0.001));
    }

    [Fact]
    public void The_share_of_negative_records_is_forecast_where_it_has_a_rhythm_and_hours_of_few_records_are_not_judged()
    {
        static double Share(int hour) => hour % 24 is >= 18 or < 2 ? 0.6 : 0.2;
        var forecast = Forecast(42, hour => 30, negative: hour => (int)Math.Round(30 * Share(hour) * (0.7 + (0.6 * _sampler.Uniform()))));

        Assert.Null(forecast.NegativeShare.Withheld);
        Assert.True(forecast.NegativeShare.Error < forecast.NegativeShare.NaiveError);
        Assert.InRange(forecast.NegativeShare.Coverage!.Value, 0.8, 0.98);
        Assert.All(forecast.NegativeShare.Hours, h => Assert.InRange(h.Median, Share((int)(h.Hour - Town.Start).TotalHours) - 0.15, Share((int)(h.Hour - Town.Start).TotalHours) + 0.15));
        Assert.All(forecast.NegativeShare.Hours, h => Assert.InRange(h.Upper, h.Median, 1));
        Assert.Equal(ForecastWithheld.NoBetterThanNaive, Forecast(42, hour => 4, negative: hour => 2).NegativeShare.Withheld);
    }

    private static SeriesForecast Forecast(int days, Func<int, double> count, ControlEntry? rule = null, Func<int, int>? negative = null) =>
        new SeriesForecaster(new ListedControl([.. Town.Control(), .. rule is null ? [] : new[] { rule }]), new PlainTaxonomy(), Town.Places).Forecast(
            [.. Enumerable.Range(0, days * 24).Select(hour => (Hour: hour, Count: count(hour))).Where(h => h.Hour == 0 || h.Count > 0)
                .Select(h => new HistoryHour(Town.Site, "*", "town", null, Town.Start.AddHours(h.Hour), h.Count, 0, 0, 0, new TallyCounts { Hotline = (int)Math.Min(h.Count, 1e6), Negative = negative?.Invoke(h.Hour) ?? 0 }, 0, 1))],
            new SeriesId(Town.Site, "fire", "town"),
            Town.Definition,
            Town.Start.AddDays(days),
            48);

    private static double Mean(int hour) => 40 * (hour % 24 >= 12 ? 1.5 : 0.5) * (hour / 24 % 7 >= 5 ? 0.6 : 1);
}
