using System.Reflection;
using RiskWatch.Web.Live;
using RiskWatch.Web.Localization;
using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>Both languages, numbers and times.</summary>
public sealed class LocalizationTests
{
    private static readonly Formats En = new(Language.En);

    public static TheoryData<string> Properties() => [.. typeof(Words).GetProperties().Where(p => p.PropertyType == typeof(string)).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Properties))]
    public void Every_word_is_there_in_both_languages(string property)
    {
        var (zh, en) = (Value(Language.Zh, property), Value(Language.En, property));

        Assert.False(string.IsNullOrWhiteSpace(zh) || string.IsNullOrWhiteSpace(en));
        Assert.NotEqual(zh, en);
        Assert.True(property is nameof(Words.OtherLanguage) or nameof(Words.SwitchLanguage) || zh.Any(c => c is >= '\u4e00' and <= '\u9fff'), $"{property} is not Chinese: {zh}");
    }

    [Theory]
    [InlineData("zh", "en-US,en", Language.Zh, "the cookie decides")]
    [InlineData(null, "fr, zh-CN;q=0.8, en;q=0.5", Language.Zh, "the best that the console has")]
    [InlineData(null, "en-GB, zh;q=0.9", Language.En, "the first of the wished")]
    [InlineData(null, null, Language.En, "nothing was said")]
    [InlineData("xx", "zh", Language.Zh, "the cookie holds nonsense")]
    public void The_language_is_chosen_by_cookie_then_by_the_browser(string? cookie, string? accept, Language language, string because) =>
        Assert.True(LanguageChoice.Of(cookie, accept) == language, because);

    [Theory]
    [InlineData(0.02, 1, "about once in 2.1 days")]
    [InlineData(1e-5, 6, "about once in 68 years")]
    [InlineData(3e-38, 6, "less than once in 1,000 years")]
    [InlineData(0.5, 1, "about once in 2 hours")]
    public void Chance_is_told_as_how_often(double p, int hours, string words) => Assert.Equal(words, En.OncePer(p, hours));

    [Fact]
    public void Numbers_are_short_and_comparable()
    {
        Assert.Equal(["0.4", "58", "1,820", "×5.4", "–", "6.0%", "74%", "3.2×10⁻³⁸"], [En.Volume(0.4), En.Volume(58), En.Volume(1820), En.Ratio(312, 58), En.Ratio(3, 0), En.Share(0.06), En.Share(0.74), En.Probability(3.2e-38)]);
    }

    [Fact]
    public void Fields_hold_the_sites_wall_clock()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        var storm = new DateTimeOffset(2011, 8, 28, 14, 30, 0, TimeSpan.Zero);

        Assert.Equal(new DateTime(2011, 8, 28, 10, 30, 0), LocalTimes.Field(storm, zone));
        Assert.Equal(storm, LocalTimes.Time(new DateTime(2011, 8, 28, 10, 30, 0), zone));
        Assert.Equal(TimeSpan.FromHours(-4), LocalTimes.Time(new DateTime(2011, 11, 6, 1, 30, 0), zone)!.Value.Offset);
    }

    [Fact]
    public void Why_says_observed_expected_interval_ratio_and_chance()
    {
        var why = AlertTexts.Why(SomeWeb.FloodAlert(), new Words(Language.En), En);

        Assert.Equal("312 observed within 6 h where 58 were expected (90% interval 41–77), at least 4.1 times the expectation; by chance less than once in 1,000 years.", why);
    }

    private static string Value(Language language, string property) => (string)typeof(Words).GetProperty(property, BindingFlags.Public | BindingFlags.Instance)!.GetValue(new Words(language))!;
}
