using RiskWatch.Alerting.Detection.Counts;
using Xunit;

namespace RiskWatch.Tests.Alerting.Counts;

public sealed class HolidayCalendarTests
{
    [Theory]
    [InlineData("cn", "2021-10-01", nameof(DayKind.Holiday), "National Day")]
    [InlineData("cn", "2021-10-09", nameof(DayKind.ExchangedWorkday), "a Saturday worked for it")]
    [InlineData("cn", "2020-02-01", nameof(DayKind.Holiday), "the Spring Festival that was prolonged")]
    [InlineData("cn", "2015-09-03", nameof(DayKind.Holiday), "once only")]
    [InlineData("cn", "2021-10-16", nameof(DayKind.Weekend), "an ordinary Saturday")]
    [InlineData("cn", "2027-02-06", nameof(DayKind.Holiday), "by law, the notice was not out")]
    [InlineData("us", "2011-09-05", nameof(DayKind.Holiday), "Labor Day")]
    [InlineData("us", "2010-12-31", nameof(DayKind.Holiday), "New Year's Day observed")]
    [InlineData("us", "2020-06-19", nameof(DayKind.Ordinary), "Juneteenth was none yet")]
    [InlineData("us", "2027-06-18", nameof(DayKind.Holiday), "Juneteenth observed")]
    public void Days_are_what_their_country_says(string calendar, string day, string kind, string because) =>
        Assert.True(HolidayCalendar.Named(calendar).Of(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)).ToString() == kind, because);

    [Theory]
    [InlineData("cn")]
    [InlineData("us")]
    public void Both_reach_from_2010_to_2027(string calendar)
    {
        var span = HolidayCalendar.Named(calendar).Span;

        Assert.Equal(2010, span!.Value.First.Year);
        Assert.Equal(2027, span.Value.Last.Year);
    }

    [Fact]
    public void A_row_that_is_none_is_named()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "mine.csv");
        File.WriteAllText(file, "date,kind,name\n2021-10-01,holiday,a\n2021-13-01,holiday,b\n");

        var problem = Assert.Throws<InvalidDataException>(() => HolidayCalendar.Read(file));

        Assert.Equal("mine.csv, line 3: expected date,holiday|workday,name.", problem.Message);
    }

    [Fact]
    public void Days_after_a_holiday_and_exchanged_workdays_have_their_own_description()
    {
        var calendar = HolidayCalendar.Named("cn");
        var shape = CountShape.Daily();
        var factors = new float[shape.Terms];

        shape.Describe(CountMoment.Of(0, new DateOnly(2021, 10, 8), calendar), factors);
        Assert.Equal([0f, 1f], factors[shape.FirstHoliday..]);
        shape.Describe(CountMoment.Of(0, new DateOnly(2021, 10, 9), calendar), factors);
        Assert.Equal([0f, 0f, 0f, 1f, 0f, 0f], factors[shape.FirstDay..shape.FirstHoliday]);
    }
}
