using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Models;
using RiskWatch.Classification.Training;
using RiskWatch.Tests.Classification.Models;
using Xunit;

namespace RiskWatch.Tests.Classification.Training;

public sealed class TeachingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("teaching").FullName;

    [Fact]
    public void Texts_are_read_from_lines_tabs_and_json_once_each_without_what_they_quote()
    {
        var path = Path.Combine(_folder, "texts.tsv");
        File.WriteAllLines(path, ["这条是普通的一行文字", "1\t20\t这条在最后一栏里面//@小明: 原来的话", "{\"text\":\"这条是一个对象里的文字\"}", "这条是普通的一行文字", "短", "an english text of some length"]);

        var texts = UnlabelledTexts.Read([path], "zh", 10);

        Assert.Equal(["这条在最后一栏里面", "这条是一个对象里的文字", "这条是普通的一行文字"], texts.Order(StringComparer.Ordinal));
        Assert.Equal(texts.Take(2), UnlabelledTexts.Read([path], "zh", 2));
    }

    [Fact]
    public void A_taught_head_learns_from_texts_that_nobody_labelled_and_the_others_stay()
    {
        var path = Path.Combine(_folder, "texts.txt");
        List<LabelledText> rows = [.. SomeTexts.Generated(200).Where(r => r.Text.Length is > 8 and < 120).Select(r => r with { Label = r.Label * 2 })];
        File.WriteAllLines(path, rows.Select(r => r.Text + "，大家怎么看"));
        var moods = new HeadData(
            new HeadRecipe(HeadNames.Sentiment, "zh", LabelledSets.Moods, 0.1f, 0) { Second = new SecondHead(100, 8), TaughtWeight = 0.5f }, [new HeadSet("moods", rows, 120, "the last 40")]);
        var relevance = new HeadData(new HeadRecipe(HeadNames.Relevance, "zh", ["private", "public"], 0.1f, 0), [new HeadSet("relevance", SomeTexts.Generated(160), 120, "the last 40")]);
        using var training = EncoderTraining.Open(EncoderModel.DefaultFolder, _folder, ["zh"])!;
        var plain = new Procedure(new HeadFitter(null), training, null).Run([moods, relevance], all: false, null, TestContext.Current.CancellationToken);

        var taught = new Procedure(new HeadFitter(null), training, new Teaching([path])).Run([moods, relevance], all: false, null, TestContext.Current.CancellationToken);

        Assert.Equal(2, taught.Data[0].Sets.Count);
        Assert.All(taught.Data[0].Sets[1].Rows, r => Assert.True(r.Taught));
        Assert.Equal(taught.Data[0].Sets[1].Rows.GroupBy(r => r.Text).Count(), rows.Select(r => r.Text).Distinct().Count());
        Assert.All(taught.Data[0].Sets[1].Rows.GroupBy(r => r.Text), text => Assert.InRange(text.Sum(r => r.Weight), 0.3f, 0.501f));
        Assert.Single(taught.Data[1].Sets);
        Assert.NotEqual(plain.Fast, taught.Fast);
        Assert.Equal(taught.Models.Fast.Version, EncoderFile.Parse("heads", taught.Heads!).Heads.Header.FastVersion);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
