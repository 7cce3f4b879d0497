using System.Reflection;
using System.Text.RegularExpressions;
using RiskWatch.Tests.Support;
using RiskWatch.Web.Live;
using RiskWatch.Web.Localization;
using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>Both languages, numbers and times.</summary>
public sealed partial class LocalizationTests
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

    public static TheoryData<string, object> Members() => [.. typeof(Words).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(m => m.GetParameters() is [{ ParameterType.IsEnum: true }])
        .SelectMany(m => Enum.GetValues(m.GetParameters()[0].ParameterType).Cast<object>().Select(value => (m.Name, value)))];

    [Theory]
    [MemberData(nameof(Members))]
    public void Every_member_of_an_enum_has_a_word_of_its_own_in_both_languages(string method, object member)
    {
        string Word(Language language) => (string)typeof(Words).GetMethod(method, [member.GetType()])!.Invoke(new Words(language), [member])!;

        Assert.Contains(Word(Language.Zh), c => c is >= '\u4e00' and <= '\u9fff');
        Assert.DoesNotContain(Word(Language.En), c => c is >= '\u4e00' and <= '\u9fff');
        Assert.NotEqual("", Word(Language.En));
    }

    [Fact]
    public void No_page_writes_words_of_its_own()
    {
        var pages = Directory.GetFiles(Path.Combine(Approved.Root(), "services/RiskWatch.Web"), "*.razor", SearchOption.AllDirectories);
        var words = pages.SelectMany(page => Text().Matches(Code().Replace(File.ReadAllText(page), "")).Select(m => $"{Path.GetFileName(page)}: {m.Groups[1].Value.Trim()}")).ToList();

        Assert.NotEmpty(pages);
        Assert.Equal(["KeyboardHelp.razor: Enter", "KeyboardHelp.razor: Esc", "MainLayout.razor: RiskWatch", "StatusPage.razor: /openapi/v1.json"], words.Order(StringComparer.Ordinal));
    }

    // What stands between two tags is shown as it is, unless it is an expression; code, comments and conditions are not shown.
    [GeneratedRegex(@">([^<>@{}()]*[A-Za-z\u4e00-\u9fff]{2,}[^<>@{}()]*)<")]
    private static partial Regex Text();

    [GeneratedRegex(@"^@code \{[\s\S]*|@\*[\s\S]*?\*@|^[ \t]*(@\w|else\b|[{}]|var )[^\n]*$", RegexOptions.Multiline)]
    private static partial Regex Code();

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
    public void An_expectation_that_is_not_nothing_is_never_written_as_nothing()
    {
        Assert.Equal(["0", "<0.1", "0.1", "3.2"], [En.Expected(0), En.Expected(0.02), En.Expected(0.07), En.Expected(3.2)]);
        Assert.Contains("where fewer than 1 was expected", AlertTexts.Why(SomeWeb.FloodAlert() with { Expected = 0.5 }, new Words(Language.En), En), StringComparison.Ordinal);
        Assert.Contains("预期不到 1", AlertTexts.Why(SomeWeb.FloodAlert() with { Expected = 0.5 }, new Words(Language.Zh), new Formats(Language.Zh)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_charts_axis_says_the_year() => Assert.Equal("2021-07-20 16:00", En.AxisHour(new(2021, 7, 20, 8, 0, 0, TimeSpan.Zero), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")));

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
