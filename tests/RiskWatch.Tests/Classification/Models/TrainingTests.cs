using RiskWatch.Classification.Models;
using RiskWatch.Classification.Training;
using Xunit;

namespace RiskWatch.Tests.Classification.Models;

public class TrainingTests
{
    private static readonly HeadData Data = new(
        new HeadRecipe(HeadNames.FalseInformation, "zh", ["true", "false"], 0.1f, 1), [new HeadSet("generated", SomeTexts.Generated(800), 600, "the last 200")]);

    [Fact]
    public void The_same_rows_give_the_same_file_byte_by_byte() => Assert.Equal(TrainedFile(), TrainedFile());

    [Fact]
    public void A_head_learns_what_the_texts_show_and_is_calibrated()
    {
        var model = ModelFile.Parse("test", TrainedFile());
        double sum = 0, right = 0;
        foreach (var row in Data.Sets[0].Rows.Skip(600))
        {
            model.Score(row.Text, "zh", out var s);
            var p = s.FalseProbability(0.5);
            right += p >= 0.5 == (row.Label == 1) ? 1 : 0;
            sum += Math.Abs(p - row.Label);
        }

        Assert.InRange(right / 200, 0.85, 1);
        Assert.InRange(sum / 200, 0, 0.3);
    }

    [Fact]
    public void A_model_is_not_measured_on_what_it_was_trained_on()
    {
        var all = TrainedHead.Train(new HeadFitter(null), Data, all: true, TestContext.Current.CancellationToken);
        var trained = Fingerprints.Of(all.Header().Trained);
        Assert.All(Data.Sets[0].Rows, row => Assert.Contains(Fingerprints.Of(row.Text), trained));
    }

    [Fact]
    public void A_calibration_gives_back_the_shares_it_saw()
    {
        var random = new Random(5);
        var scores = Enumerable.Range(0, 4000).Select(_ => new[] { (float)((random.NextDouble() * 4) - 2) }).ToArray();
        var rows = scores.Select(s => new LabelledText("", random.NextDouble() < 1 / (1 + Math.Exp(-((2 * s[0]) + 0.3))) ? 1 : 0, 0)).ToList();
        var fitted = Calibration.Fit(scores, rows, 2, 0);
        Assert.InRange(fitted.Slope, 1.7f, 2.3f);
    }

    [Fact]
    public void Figures_are_those_of_the_books()
    {
        // Predicted 0 0 1 1 1 against 0 1 1 1 1: F1 = 2·1/3 and 2·3/7.
        Assert.Equal([2 / 3.0, 6 / 7.0], Metrics.F1([0, 0, 1, 1, 1], [0, 1, 1, 1, 1], 2));
        Assert.Equal(0.75, Metrics.Auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]), 1e-9);
        Assert.Equal(0.2, Metrics.CalibrationError([0.8, 0.8], [true, true]), 1e-9);
    }

    private static byte[] TrainedFile() => Trainer.Build([TrainedHead.Train(new HeadFitter(null), Data, all: false, CancellationToken.None)]).File;
}
