using Microsoft.ML;
using RiskWatch.Classification.Models;
using RiskWatch.Classification.Training;
using Xunit;

namespace RiskWatch.Tests.Classification.Models;

public class HeadTableTests
{
    private static readonly HeadRecipe Recipe = new(HeadNames.FalseInformation, "zh", ["true", "false"], 1, 0.5);

    [Fact]
    public void Compiled_scores_equal_those_of_MLNet()
    {
        var ml = new MLContext(1);
        var rows = SomeTexts.Any(3000);
        var fit = LinearFit.Fit(Recipe, rows, TestContext.Current.CancellationToken);
        using var engine = ml.Model.CreatePredictionEngine<MlRow, MlScore>(fit.Models[0], inputSchemaDefinition: MlRow.Schema());
        var table = HeadTable.FromWeights(fit.Weights);
        var scratch = ScoringScratch.Current;
        foreach (var row in rows)
        {
            var expected = engine.Predict(new MlRow { Features = SparseText.Of(row.Text).Times(fit.Rarity) }).Score;
            table.Score(scratch.Features(row.Text), scratch);
            Assert.Equal(expected, scratch.Scores[0] + fit.Biases[0], 1e-5f);
        }
    }

    [Fact]
    public void Weights_as_bytes_decide_as_the_floats_do()
    {
        var rows = SomeTexts.Any(1500);
        var fit = LinearFit.Fit(Recipe, rows, TestContext.Current.CancellationToken);
        var floats = HeadTable.FromWeights(fit.Weights);
        var bytes = HeadTable.FromBytes((byte[])(Array)HeadTable.Quantise(fit.Weights[0], out var scale), [scale]);
        var scratch = ScoringScratch.Current;
        var changed = 0;
        foreach (var row in rows)
        {
            var features = scratch.Features(row.Text);
            floats.Score(features, scratch);
            var exact = scratch.Scores[0] + fit.Biases[0];
            bytes.Score(features, scratch);
            changed += exact > 0 != scratch.Scores[0] + fit.Biases[0] > 0 ? 1 : 0;
        }

        Assert.InRange(changed, 0, rows.Count / 200);
    }

    [Fact]
    public void The_same_rows_give_the_same_weights()
    {
        var rows = SomeTexts.Generated(300);
        var first = LinearFit.Fit(Recipe, rows, TestContext.Current.CancellationToken);
        var second = LinearFit.Fit(Recipe, rows, TestContext.Current.CancellationToken);
        Assert.Equal(first.Weights[0], second.Weights[0]);
        Assert.Equal(first.Biases, second.Biases);
    }

    [Fact]
    public void Very_long_texts_do_not_overflow_the_sums()
    {
        var weights = new float[FeatureHasher.Buckets];
        Array.Fill(weights, 1f);
        var floats = HeadTable.FromWeights([weights]);
        var bytes = HeadTable.FromBytes((byte[])(Array)HeadTable.Quantise(weights, out var scale), [scale]);
        var text = string.Concat(Enumerable.Range(0, 5000).Select(i => (char)(0x4E00 + (i * 37 % 20000))));
        var scratch = ScoringScratch.Current;
        var features = scratch.Features(text);
        floats.Score(features, scratch);
        var expected = scratch.Scores[0];
        bytes.Score(features, scratch);
        Assert.Equal(expected, scratch.Scores[0], 0.01f);
        Assert.True(scratch.Counts.All(c => c == 0) && scratch.Seen.All(b => b == 0));
    }
}
