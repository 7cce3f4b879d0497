using RiskWatch.Alerting.Detection.Counts;
using RiskWatch.Alerting.Detection.Forecasts;
using RiskWatch.Server.Benchmarks.Detection;
using Xunit;

namespace RiskWatch.Tests.Alerting.Counts;

public sealed class HourForecasterTests
{
    [Fact]
    public void A_days_rhythm_is_forecast_and_the_interval_holds_what_it_says()
    {
        var sampler = new CountSampler(6);
        var forecaster = new HourForecaster(CountShape.Hourly());
        var forecasts = new HourForecast[HourForecaster.Day];
        var counts = Enumerable.Range(0, 24 * 100).Select(hour => (double)sampler.NegativeBinomial(Mean(hour), 2)).ToArray();
        double error = 0, volume = 0, covered = 0, made = 0;
        for (var hour = 0; hour < counts.Length - HourForecaster.Day; hour++)
        {
            forecaster.Observe(Moment(hour), counts[hour]);
            forecaster.Forecast([.. Enumerable.Range(hour + 1, HourForecaster.Day).Select(Moment)], forecasts);
            for (var i = 0; hour >= 24 * 50 && i < forecasts.Length; i++)
            {
                var count = counts[hour + 1 + i];
                error += Math.Abs(count - forecasts[i].Median);
                volume += count;
                covered += count >= forecasts[i].Lower && count <= forecasts[i].Upper ? 1 : 0;
                made++;
            }
        }

        Assert.InRange(error / volume, 0, 0.2);
        Assert.InRange(covered / made, 0.85, 0.95);
    }

    private static double Mean(int hour) => 60 * (hour % 24 >= 12 ? 1.5 : 0.5);

    private static CountMoment Moment(int hour) => new(hour, hour / 24 % 7, hour / 24 % 7 >= 5 ? DayKind.Weekend : DayKind.Ordinary, AfterHoliday: false);
}
