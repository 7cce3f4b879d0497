using RiskWatch.Alerting.Detection.Counts;
using RiskWatch.Server.Benchmarks.Detection;
using Xunit;

namespace RiskWatch.Tests.Alerting.Counts;

public sealed class CountModelTests
{
    [Theory]
    [InlineData(0.05, 1, 0.5, "rare")]
    [InlineData(3, 1.5, 0.3, "some an hour")]
    [InlineData(460, 3, 0.15, "a city")]
    public void A_steady_series_is_expected_as_it_is(double mean, double dispersion, double tolerance, string because)
    {
        var bank = Learned(24 * 56, new CountSampler(3), hour => mean, dispersion);

        var day = Enumerable.Range(24 * 56, 24).Select(hour => Expect(bank, hour)).ToList();

        Assert.True(Math.Abs(day.Average(e => e.Mean) - mean) < tolerance * mean, because);
        Assert.True(Math.Abs(day[0].Dispersion - dispersion) < 0.6, because);
    }

    [Fact]
    public void Hours_weekends_and_holidays_are_learned()
    {
        var bank = Learned(24 * 140, new CountSampler(3), hour => 40 * (hour % 24 >= 12 ? 1.5 : 0.5) * (hour / 24 % 7 >= 5 ? 0.5 : 1) * (IsHoliday(hour / 24) ? 2 : 1), 1);

        var day = Expect(bank, (24 * 140) + 16).Mean;

        Assert.InRange(day, 50, 75);
        Assert.True(Expect(bank, (24 * 140) + 4).Mean < day / 2);
        Assert.InRange(Expect(bank, (24 * 145) + 16).Mean, 0.35 * day, 0.65 * day);
        Assert.InRange(Expect(bank, (24 * 150) + 16).Mean, 1.6 * day, 2.5 * day);
    }

    [Fact]
    public void An_outbreak_weighs_little_and_a_new_normal_is_accepted()
    {
        var outbreak = Learned(24 * 42, new CountSampler(3), hour => hour is >= 24 * 41 and < (24 * 41) + 10 ? 200 : 5, 1);
        var moved = Learned(24 * 60, new CountSampler(3), hour => hour >= 24 * 50 ? 40 : 5, 1);

        Assert.InRange(Expect(outbreak, 24 * 42).Mean, 3.5, 8);
        Assert.InRange(Expect(moved, 24 * 60).Mean, 25, 50);
    }

    [Fact]
    public void A_start_in_the_middle_of_an_outbreak_is_forgotten()
    {
        var bank = Learned(24 * 28, new CountSampler(3), hour => hour < 12 ? 500 : 2, 1);

        Assert.InRange(Expect(bank, 24 * 28).Mean, 1, 4);
    }

    [Theory]
    [InlineData(float.NaN, "not a number")]
    [InlineData(-5, "negative")]
    [InlineData(1e9f, "a billion")]
    [InlineData(float.PositiveInfinity, "endless")]
    public void One_absurd_count_poisons_nothing(float count, string because)
    {
        var bank = Learned(24 * 42, new CountSampler(3), _ => 5, 1);
        Observe(bank, 24 * 42, count);
        for (var hour = 0; hour < 24; hour++)
        {
            Observe(bank, (24 * 42) + 1 + hour, 5);
        }

        Assert.True(Expect(bank, (24 * 43) + 1).Mean is > 3 and < 9, because);
        Assert.True(Expect(bank, (24 * 43) + 1).Dispersion < 2.5, because);
    }

    [Fact]
    public void A_series_of_zeros_expects_next_to_nothing_and_one_record_is_no_finding()
    {
        var bank = Learned(24 * 90, new CountSampler(3), _ => 0, 1);
        Observe(bank, 24 * 90, 1);

        Assert.InRange(Expect(bank, (24 * 90) + 1).Mean, 0, 0.05);
        Assert.InRange(bank.PValue(0), 1e-4, 1);
    }

    [Fact]
    public void A_month_of_silence_of_the_source_teaches_nothing()
    {
        var bank = Learned(24 * 42, new CountSampler(3), _ => 10, 1);
        for (var hour = 0; hour < 24 * 30; hour++)
        {
            CountModel.Skip(bank.Shape, bank.Numbers(0), (24 * 42) + hour);
        }

        Assert.InRange(Expect(bank, 24 * 72).Mean, 7, 14);
    }

    [Fact]
    public void A_restored_channel_goes_on_bit_by_bit()
    {
        var bank = Learned(24 * 30, new CountSampler(3), hour => 4 + (hour % 24), 2);
        var restored = new CountBank(bank.Shape, 3);
        using var bytes = new MemoryStream();
        bank.Write(0, new BinaryWriter(bytes));
        bytes.Position = 0;
        restored.Read(2, new BinaryReader(bytes));

        for (var hour = 24 * 30; hour < 24 * 32; hour++)
        {
            Assert.Equal(Observe(bank, hour, hour % 7), Observe(restored, hour, hour % 7, channel: 2));
        }

        Assert.Equal(bank.PValue(0), restored.PValue(2));
    }

    [Fact]
    public void A_state_of_another_shape_is_refused()
    {
        using var bytes = new MemoryStream();
        new CountBank(CountShape.Weekly(), 1).Write(0, new BinaryWriter(bytes));
        bytes.Position = 0;

        Assert.Throws<InvalidDataException>(() => new CountBank(CountShape.Hourly(), 1).Read(0, new BinaryReader(bytes)));
    }

    [Fact]
    public void Nothing_is_allocated_and_a_channel_takes_less_than_a_kibibyte()
    {
        var bank = Learned(100, new CountSampler(3), _ => 5, 1);
        var factors = new float[bank.Shape.Terms];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var hour = 100; hour < 1100; hour++)
        {
            bank.Shape.Describe(Moment(hour), factors);
            bank.Observe(0, factors, hour, hour % 30);
            bank.PValue(0);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.All([CountShape.Hourly(), CountShape.Daily(), CountShape.Weekly()], shape => Assert.True(new CountBank(shape, 1).BytesPerChannel <= 1024));
    }

    [Fact]
    public void A_window_of_a_week_counts_six_whole_days_and_the_seventh_so_far()
    {
        var bank = new CountBank(CountShape.Hourly(), 1);
        for (var hour = 0; hour < 24 * 20; hour++)
        {
            Observe(bank, hour, hour < 24 * 12 ? 1 : 2);
        }

        Assert.Equal(1 + 1, CountWindows.Of(bank.Shape, bank.Numbers(0), 0).Count);
        Assert.Equal(2 * 24, CountWindows.Of(bank.Shape, bank.Numbers(0), 2).Count);
        Assert.Equal(2 * 168, CountWindows.Of(bank.Shape, bank.Numbers(0), 3).Count);
        Observe(bank, 24 * 20, 2);
        Assert.Equal(2 * 145, CountWindows.Of(bank.Shape, bank.Numbers(0), 3).Count);
    }

    private static CountBank Learned(int hours, CountSampler sampler, Func<int, double> mean, double dispersion)
    {
        var bank = new CountBank(CountShape.Hourly(), 1);
        for (var hour = 0; hour < hours; hour++)
        {
            Observe(bank, hour, sampler.NegativeBinomial(mean(hour), dispersion));
        }

        return bank;
    }

    private static CountExpectation Observe(CountBank bank, int hour, float count, int channel = 0)
    {
        var factors = new float[bank.Shape.Terms];
        bank.Shape.Describe(Moment(hour), factors);
        return bank.Observe(channel, factors, hour, count);
    }

    private static CountExpectation Expect(CountBank bank, int hour)
    {
        var factors = new float[bank.Shape.Terms];
        bank.Shape.Describe(Moment(hour), factors);
        return CountModel.Expect(bank.Shape, bank.Numbers(0), factors);
    }

    private static bool IsHoliday(int day) => day % 25 == 0;

    private static CountMoment Moment(int hour)
    {
        var day = hour / 24;
        var kind = IsHoliday(day) ? DayKind.Holiday : day % 7 >= 5 ? DayKind.Weekend : DayKind.Ordinary;
        return new CountMoment(hour, day % 7, kind, kind != DayKind.Holiday && day > 0 && IsHoliday(day - 1));
    }
}
