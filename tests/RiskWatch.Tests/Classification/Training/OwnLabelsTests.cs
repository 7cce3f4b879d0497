using RiskWatch.Classification.Models;
using RiskWatch.Classification.Training;
using RiskWatch.Tests.Classification.Models;
using Xunit;

namespace RiskWatch.Tests.Classification.Training;

public sealed class OwnLabelsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("labels").FullName;

    [Fact]
    public void Corrections_join_the_rows_of_the_heads_they_are_for()
    {
        var path = Write("""{"text":"城东的水不能喝了","falseInformation":true,"sentiment":"negative","by":"li","at":"2026-11-01T08:00:00Z"}""", """{"text":"谢谢社区","language":"zh","sentiment":"positive"}""");
        List<HeadData> data = [new(HeadCatalogue.RecipeOf(HeadNames.FalseInformation, "zh"), []), new(HeadCatalogue.RecipeOf(HeadNames.Sentiment, "zh"), [])];

        var heads = OwnLabels.Add(data, path);

        Assert.Equal([1], heads[0].Sets.Single().Rows.Select(r => r.Label));
        Assert.Equal([2, 0], heads[1].Sets.Single().Rows.Select(r => r.Label));
        Assert.All(heads, h => Assert.Equal(h.Sets[0].Rows.Count, h.Sets[0].ReportFrom));
    }

    [Fact]
    public void Labels_alone_train_a_model_that_scores_and_says_how_well()
    {
        var path = Write([.. SomeTexts.Generated(400).Select((r, i) => $$"""{"text":{{System.Text.Json.JsonSerializer.Serialize(r.Text)}},"language":"zh","falseInformation":{{(r.Label == 1 ? "true" : "false")}},"at":"2026-01-01T{{i / 60:00}}:{{i % 60:00}}:00Z"}""")]);

        var result = Trainer.Train(null, Path.Combine(_folder, "model"), labels: path, cancel: TestContext.Current.CancellationToken);

        Assert.InRange(Assert.Single(result.Evaluation.Heads).Accuracy, 0.8, 1);
        Assert.Empty(result.Evaluation.BaseRate);
        Assert.True(FastModel.Load(Path.Combine(_folder, "model", "model.bin")).Knows("zh"));
        Assert.Contains("<svg", File.ReadAllText(Path.Combine(_folder, "model", "calibration.svg")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "line 1: not a JSON object")]
    [InlineData("""{"falseInformation":true}""", "line 1: has no 'text'")]
    [InlineData("""{"text":"x"}""", "line 1: has neither 'falseInformation' nor 'sentiment'")]
    [InlineData("""{"text":"x","sentiment":"sad"}""", "'sentiment' must be negative, neutral, positive")]
    [InlineData("""{"text":"x","falseInformation":"no"}""", "'falseInformation' must be true or false")]
    [InlineData("""{"text":"x","falseInformation":true}""", "too few labels")]
    public void What_is_wrong_is_said_with_its_line(string line, string said) =>
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => OwnLabels.Add([], Write(line))).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(params string[] lines)
    {
        var path = Path.Combine(_folder, "labels.ndjson");
        File.WriteAllLines(path, lines);
        return path;
    }
}
