using Xunit;

namespace RiskWatch.Tests.Support;

/// <summary>Waits for what must come to hold.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks again and again, and fails when the time is over.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> holds, TimeSpan within, CancellationToken cancel, string otherwise = "It did not come to that in time.")
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < within, otherwise);
            await Task.Delay(Between, TimeProvider.System, cancel);
        }
    }
}
