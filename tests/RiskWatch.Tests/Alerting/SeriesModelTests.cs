using RiskWatch.Alerting.Detection;
using Xunit;

namespace RiskWatch.Tests.Alerting;

public sealed class SeriesModelTests
{
    [Theory]
    [InlineData(0.05, 0.4)]
    [InlineData(3, 0.25)]
    [InlineData(460, 0.1)]
    public void A_steady_series_is_expected_as_it_is(double mean, double tolerance)
    {
        var model = Learned(24 * 21, _ => mean);

        Assert.InRange(model.Mean(30, null), mean * (1 - tolerance), mean * (1 + tolerance));
        Assert.InRange(model.WeekMean(null, 0, LocalHours.Of(null, null)), mean * 168 * (1 - tolerance), mean * 168 * (1 + tolerance));
        Assert.InRange(model.Dispersion(0, model.Mean(30, null)), 1, 1.6);
    }

    [Fact]
    public void Hours_and_weekdays_are_learned()
    {
        var model = Learned(24 * 56, hour => 100 * (hour % 24 is >= 8 and < 20 ? 1.6 : 0.4) * (hour / 24 % 7 is 5 or 6 ? 0.5 : hour / 24 % 7 == 0 ? 1.3 : 1));

        Assert.InRange(model.Mean(10, null), 190, 225);
        Assert.InRange(model.Mean(24 + 10, null), 145, 175);
        Assert.InRange(model.Mean(24 + 3, null), 35, 46);
        Assert.InRange(model.Mean(120 + 10, null), 70, 90);
    }

    [Fact]
    public void A_child_borrows_its_parents_day_until_it_has_its_own()
    {
        var parent = Learned(24 * 28, hour => hour % 24 == 9 ? 120 : 2);
        var child = SeriesModel.OfSilence(24 * 28);

        Assert.True(child.Mean(9, parent) > 10 * child.Mean(3, parent));
    }

    [Fact]
    public void An_outbreak_weighs_little_and_a_new_normal_is_accepted()
    {
        var outbreak = Learned(24 * 42, hour => hour is >= 24 * 35 and < (24 * 35) + 10 ? 200 : 5);
        var moved = Learned(24 * 70, hour => hour >= 24 * 40 ? 25 : 5);

        Assert.InRange(outbreak.Level, 4.5, 6.5);
        Assert.InRange(moved.Level, 15, 26);
    }

    [Fact]
    public void Over_dispersion_is_estimated_in_flight()
    {
        var model = Learned(24 * 42, hour => hour / 24 % 2 == 0 ? 30 : 10, poisson: false);

        Assert.True(model.Dispersion(2, model.Mean(30, null) * 24) > 10);
    }

    [Fact]
    public void Silence_counts_as_baseline()
    {
        Assert.True(SeriesModel.OfSilence(24 * 30).Level < 0.01);
        Assert.True(SeriesModel.OfSilence(0).Level > 0.02);
    }

    [Fact]
    public void Its_state_is_exact()
    {
        var model = Learned(24 * 30, hour => 4 + (hour % 24));
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        model.Write(writer);
        bytes.Position = 0;

        var restored = SeriesModel.Read(new BinaryReader(bytes));

        for (var hour = 0; hour < 168; hour++)
        {
            Assert.Equal(model.Mean(hour, null), restored.Mean(hour, null));
        }

        Assert.Equal(model.Variance(1, 100, model.Backing(9)), restored.Variance(1, 100, restored.Backing(9)));
    }

    private static SeriesModel Learned(int hours, Func<int, double> mean, bool poisson = true)
    {
        var random = new Random(7);
        var model = new SeriesModel();
        for (var hour = 0; hour < hours; hour++)
        {
            model.Learn(hour, hour % 168, poisson ? Poisson(random, mean(hour)) : mean(hour), null);
        }

        return model;
    }

    private static double Poisson(Random random, double mean)
    {
        var count = 0.0;
        for (var left = mean; left > 0; left -= 20)
        {
            var limit = Math.Exp(-Math.Min(left, 20));
            for (var product = random.NextDouble(); product > limit; product *= random.NextDouble())
            {
                count++;
            }
        }

        return count;
    }
}
