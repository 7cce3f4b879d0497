using RiskWatch.Alerting.Detection.Metrics;
using RiskWatch.Server.Benchmarks.Detection;
using RiskWatch.Server.Commands;
using Xunit;

namespace RiskWatch.Tests.Alerting.Metrics;

public sealed class MetricDetectorTests
{
    private static readonly DateTime Start = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public void A_spike_in_noise_is_an_alarm_and_noise_hardly_ever()
    {
        var sampler = new CountSampler(4);
        var scores = Scores(Enumerable.Range(0, 6000).Select(i => 20 + sampler.Normal() + (i == 5000 ? 15 : 0)));

        Assert.True(MetricDetector.IsAlarm(scores[5000]));
        Assert.InRange(scores.Skip(500).Count(MetricDetector.IsAlarm), 1, 12);
    }

    [Fact]
    public void A_shift_is_an_alarm_within_an_hour()
    {
        var sampler = new CountSampler(4);
        var scores = Scores(Enumerable.Range(0, 6000).Select(i => 20 + sampler.Normal() + (i >= 5000 ? 6 : 0)));

        Assert.Contains(scores.Skip(5000).Take(12), MetricDetector.IsAlarm);
    }

    [Theory]
    [InlineData(double.NaN, "not a number")]
    [InlineData(double.PositiveInfinity, "endless")]
    public void What_is_no_number_scores_nothing_and_changes_nothing(double value, string because)
    {
        var (clean, dirty) = (new MetricDetector(), new MetricDetector());
        var sampler = new CountSampler(4);
        for (var i = 0; i < 3000; i++)
        {
            var (time, number) = (Start.AddMinutes(5 * i), 20 + sampler.Normal());
            Assert.True(i % 7 != 3 || dirty.Score(time, value) == 0, because);
            Assert.Equal(clean.Score(time, number), dirty.Score(time, number));
        }
    }

    [Fact]
    public void A_billion_is_an_alarm_and_a_day_later_a_spike_is_one_again()
    {
        var sampler = new CountSampler(4);
        var scores = Scores(Enumerable.Range(0, 6000).Select(i => i == 5000 ? 1e9 : 20 + sampler.Normal() + (i == 5400 ? 25 : 0)));

        Assert.True(MetricDetector.IsAlarm(scores[5000]));
        Assert.True(MetricDetector.IsAlarm(scores[5400]));
        Assert.All(scores, score => Assert.InRange(score, 0, 1));
    }

    [Fact]
    public void A_constant_series_never_alarms() =>
        Assert.All([0.0, 7.5], value => Assert.DoesNotContain(Scores(Enumerable.Repeat(value, 3000)), MetricDetector.IsAlarm));

    [Fact]
    public async Task Detect_says_what_was_wrong_with_its_input()
    {
        using var output = new StringWriter();
        var seen = await DetectCommand.ScoreAsync(new StringReader("timestamp,value\n2026-03-01 00:05:00,1\n2026-03-01 00:00:00,2\nyesterday,3\n2026-03-01 00:10:00,NaN\n2026-03-01 00:15:00\n"), output, _cancel);

        Assert.Equal("5 rows, 0 alarms; 1 without a readable timestamp, scored 0 and not learned; 2 without a finite number, scored 0 and not learned; 1 times the clock went back; rows are taken in the order of the file", seen.ToString());
        Assert.Equal(6, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Detect_refuses_a_file_without_named_columns()
    {
        var problem = await Assert.ThrowsAsync<UsageException>(() => DetectCommand.ScoreAsync(new StringReader("a,b\n1,2\n"), TextWriter.Null, _cancel));

        Assert.Contains("timestamp and value", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NABs_score_of_a_perfect_detector_is_100_and_of_none_0()
    {
        double[] scores = [0, 0, 0, 1, 0, 0, 0, 0];
        var profile = NabProfile.All[0];
        var points = NabScore.Sorted(NabScore.Points(scores, [(3, 5)], 1, 0));

        Assert.Equal(100, NabScore.Normalised(NabScore.At(points, 1, profile, 1), 1, profile), 6);
        Assert.Equal(0, NabScore.Normalised(NabScore.At(points, 1, profile, 2), 1, profile), 6);
        Assert.Equal(1, NabScore.Best(points, 1, profile));
    }

    private static double[] Scores(IEnumerable<double> values)
    {
        var detector = new MetricDetector();
        return [.. values.Select((value, i) => detector.Score(Start.AddMinutes(5 * i), value))];
    }
}
