using System.Globalization;
using RiskWatch.Alerting.Detection;
using Xunit;

namespace RiskWatch.Tests.Alerting;

public sealed class LocalHoursTests
{
    [Theory]
    [InlineData("America/New_York", "us", "2011-07-04T15:00:00Z", 0, 6, 11, "Independence Day, a Monday, is a Sunday")]
    [InlineData("America/New_York", "us", "2011-07-05T15:00:00Z", 1, 1, 11, "the day after it is a Tuesday")]
    [InlineData("Asia/Shanghai", "cn", "2021-10-09T02:00:00Z", 5, 4, 10, "a Saturday worked for the National Day is a Friday")]
    [InlineData("Asia/Shanghai", "cn", "2021-10-03T18:00:00Z", 0, 6, 2, "the local day counts: 2 o'clock of a holiday")]
    [InlineData("Asia/Shanghai", null, "2021-10-04T02:00:00Z", 0, 0, 10, "a site without a calendar knows no holidays")]
    [InlineData("Asia/Shanghai", "../cn", "2021-10-04T02:00:00Z", 0, 0, 10, "a name is no path")]
    [InlineData("Nowhere/Else", "zz", "2021-10-04T02:00:00Z", 0, 0, 2, "an unknown zone is UTC")]
    public void A_day_is_what_the_sites_calendar_makes_of_it(string zone, string? calendar, string time, int clockDay, int usualDay, int hourOfDay, string because)
    {
        var local = LocalHours.Of(zone, calendar);
        var hour = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeSeconds() / 3600;

        Assert.True(local.ClockHourOfWeek(hour) == (24 * clockDay) + hourOfDay, because);
        Assert.True(local.HourOfWeek(hour) == (24 * usualDay) + hourOfDay, because);
    }

    [Fact]
    public void A_holiday_is_expected_as_a_Sunday_is()
    {
        var local = LocalHours.Of("Etc/UTC", "us");
        var start = DateTimeOffset.Parse("2011-05-01T00:00:00Z", CultureInfo.InvariantCulture).ToUnixTimeSeconds() / 3600;
        var holiday = DateTimeOffset.Parse("2011-07-04T00:00:00Z", CultureInfo.InvariantCulture).ToUnixTimeSeconds() / 3600;
        var model = SeriesModel.OfSilence(0);
        for (var hour = start; hour < holiday; hour++)
        {
            model.Learn(hour, local.HourOfWeek(hour), local.ClockHourOfWeek(hour) >= 120 ? 4 : 20, null);
        }

        Assert.InRange(model.Mean(local.HourOfWeek(holiday + 10), null), 3, 6);
        Assert.InRange(model.Mean(local.ClockHourOfWeek(holiday + 10), null), 16, 22);
        Assert.InRange(model.WeekMean(null, holiday + 23, local) - model.WeekMean(null, holiday - 1, local), -16.5 * 24, -12 * 24);
    }
}
