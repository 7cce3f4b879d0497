using RiskWatch.Classification.Training;
using RiskWatch.Tests.Classification.Models;
using Xunit;

namespace RiskWatch.Tests.Classification.Training;

/// <summary>What reports are made of: doubt, calibration, and weights as bytes, the last on the real sets where they lie beside the checkout.</summary>
public sealed class CurvesTests
{
    [Fact]
    public void Doubts_raise_a_probability_and_never_lower_it()
    {
        Assert.Equal(0.02, RiskWatch.Classification.Text.Doubts.Raise(0.02, 0), 9);
        Assert.InRange(RiskWatch.Classification.Text.Doubts.Raise(0.02, 10), 0.14, 0.16);
        Assert.InRange(RiskWatch.Classification.Text.Doubts.Raise(0.02, 100), 0.55, 0.57);
    }

    [Fact]
    public void The_reliability_curve_gives_the_calibration_error()
    {
        double[] probabilities = [0.05, 0.05, 0.95, 0.95];
        bool[] hits = [false, true, true, true];

        var curve = Metrics.Reliability(probabilities, hits);

        Assert.Equal([(0.05, 0.5, 2), (0.95, 1.0, 2)], curve.Select(b => (Math.Round(b.Probability, 9), b.Share, b.Rows)));
        Assert.Equal(0.25, Metrics.CalibrationError(probabilities, hits), 9);
    }

    [Fact]
    public void Weights_as_bytes_move_the_AUC_of_false_information_by_at_most_a_fifth_of_a_point()
    {
        Assert.SkipUnless(SomeTexts.DataFolder is not null, "shared/data is not beside the checkout");
        foreach (var head in (HeadData[])[HeadCatalogue.EnglishFalse(SomeTexts.DataFolder!), HeadCatalogue.ChineseFalse(SomeTexts.DataFolder!)])
        {
            var trained = TrainedHead.Train(new HeadFitter(null), head, all: false, TestContext.Current.CancellationToken);
            var bytes = Trainer.Build([trained]).Model;
            var rows = head.Sets[0].Rows.Skip(head.Sets[0].ReportFrom).ToList();
            var exact = trained.Fit.Score(rows).Select((s, i) => (Row: rows[i], Score: (trained.Calibration.Slope * s[0]) + trained.Calibration.Intercepts[0])).ToList();
            var actual = rows.Select(r => r.Label).ToArray();
            double Auc(IEnumerable<double> scores) => Metrics.Auc([.. scores], actual);

            var moved = Auc(exact.Select(e => (double)e.Score)) - Auc(rows.Select(r =>
            {
                bytes.Score(r.Text, head.Recipe.Language, out var scores);
                return (double)scores.FalseEvidence;
            }));

            Assert.InRange(Math.Abs(moved), 0, 0.002);
        }
    }
}
