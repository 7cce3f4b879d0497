using System.Text.Json.Nodes;
using RiskWatch.Alerting.Detection.Counts;

namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>Updates of hourly series on one core: what the model learns from an hour, and all four windows tested after it.</summary>
internal static class SpeedBenchmark
{
    private const int WarmUpRounds = 30;

    /// <summary>Figures of <paramref name="channels"/> channels that live at once, each updated <paramref name="rounds"/> times while the clock runs.</summary>
    public static Task<JsonObject> RunAsync(int seed, int channels, int rounds, CancellationToken cancel) => Task.Run(
        () =>
        {
            var sampler = new CountSampler(seed);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var bank = new CountBank(CountShape.Hourly(), channels);
            var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)channels;
            var counts = new float[channels];

            // The compiler first, on a few channels; then hours that all of them learn from.
            var few = new CountBank(bank.Shape, 1000);
            for (var round = 0; round < WarmUpRounds * 20; round++)
            {
                Update(few, counts, round, sampler, test: true);
            }

            for (var round = 0; round < WarmUpRounds; round++)
            {
                Update(bank, counts, round, sampler, test: false);
            }

            var learned = new Measured();
            var tested = new Measured();
            for (var round = 0; round < 2 * rounds; round++)
            {
                (round % 2 == 0 ? learned : tested).Add(Update(bank, counts, WarmUpRounds + round, sampler, test: round % 2 == 1));
                cancel.ThrowIfCancellationRequested();
            }

            return new JsonObject
            {
                ["seed"] = seed,
                ["channels"] = channels,
                ["updatesPerSecond"] = Math.Round(channels * (double)rounds / tested.Seconds),
                ["updatesWithoutTestsPerSecond"] = Math.Round(channels * (double)rounds / learned.Seconds),
                ["bytesPerChannel"] = Math.Round(bytes, 1),
                ["allocatedBytesPerUpdate"] = Math.Round((learned.Allocated + tested.Allocated) / (2.0 * channels * rounds), 6),
                ["findings"] = tested.Findings,
                ["processors"] = Environment.ProcessorCount,
            };
        },
        cancel);

    private static (double Seconds, long Allocated, long Findings) Update(CountBank bank, float[] counts, int hour, CountSampler sampler, bool test)
    {
        // Means of 0.05 to 5 an hour, as the many series of a site have.
        for (var channel = 0; channel < bank.Channels; channel++)
        {
            counts[channel] = sampler.Poisson(0.05 * (1 + (channel % 100)));
        }

        Span<float> factors = stackalloc float[bank.Shape.Terms];
        var day = hour / 24 % 7;
        bank.Shape.Describe(new CountMoment(hour, day, day >= 5 ? DayKind.Weekend : DayKind.Ordinary, AfterHoliday: false), factors);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = TimeProvider.System.GetTimestamp();
        var findings = 0L;
        for (var channel = 0; channel < bank.Channels; channel++)
        {
            bank.Observe(channel, factors, hour, counts[channel]);
            findings += test && bank.PValue(channel) < 1e-4 ? 1 : 0;
        }

        return (TimeProvider.System.GetElapsedTime(started).TotalSeconds, GC.GetAllocatedBytesForCurrentThread() - allocated, findings);
    }

    private sealed class Measured
    {
        public double Seconds { get; private set; }

        public long Allocated { get; private set; }

        public long Findings { get; private set; }

        public void Add((double Seconds, long Allocated, long Findings) round)
        {
            Seconds += round.Seconds;
            Allocated += round.Allocated;
            Findings += round.Findings;
        }
    }
}
