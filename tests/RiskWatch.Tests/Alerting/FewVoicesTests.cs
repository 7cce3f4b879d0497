using RiskWatch.Alerting.Warning;
using RiskWatch.Classification.Taxonomies;
using RiskWatch.Contracts;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Alerting;

/// <summary>Few accounts raise nothing by volume alone, and what is likely false is a warning of its own.</summary>
public sealed class FewVoicesTests
{
    private const int Day = 21;

    [Theory]
    [InlineData(4, false)]
    [InlineData(40, true)]
    public void Hour_after_hour_of_few_authors_is_shown_as_concentrated_and_raises_nothing(int authors, bool raised)
    {
        var town = new Town().Calm(Day);
        for (var hour = 9; hour < 14; hour++)
        {
            town.Posts(Day, $"{hour:00}:10", "fire", Town.Mill, 40, authors);
        }

        var run = town.Play(Town.At(Day, "14:00"));

        Assert.Equal(raised, run.Confirmed.Count > 0);
        Assert.Equal(!raised, run.Findings.Any(f => f.Concentrated));
    }

    [Theory]
    [InlineData("*", false)]
    [InlineData("fire", false)]
    [InlineData(SeriesTopics.LikelyFalse, true)]
    public void What_is_likely_false_is_kin_to_its_like_alone(string topic, bool related)
    {
        var kinship = new Kinship(Taxonomy.BuiltIn(), Town.Places, Town.Definition);

        Assert.Equal(related, kinship.Related(new SeriesId(Town.Site, topic, "town"), new SeriesId(Town.Site, SeriesTopics.LikelyFalse, Town.Mill)));
    }

    [Fact]
    public void What_is_likely_false_is_an_alert_beside_that_of_its_topic()
    {
        var run = new Town().Calm(Day)
            .Posts(Day, "09:10", "fire", Town.Mill, 40)
            .Posts(Day, "09:12", SeriesTopics.LikelyFalse, Town.Mill, 40)
            .Play(Town.At(Day, "12:00"));

        Assert.Equal(["fire", SeriesTopics.LikelyFalse], run.Confirmed.Select(a => a.Topic!.Id).Order());
        Assert.Equal("likely-false", run.Confirmed.Single(a => a.Topic!.Id == SeriesTopics.LikelyFalse).Versions.Rule);
    }
}
