using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RiskWatch.Web;

/// <summary>Settings of the console and the API.</summary>
public sealed class WebOptions
{
    public const string Section = "RiskWatch:Web";

    /// <summary>A site whose tick has not moved for so long while sources are waited for is said to stand still. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Newest alerts kept in memory for the live feed. Default 2,000.</summary>
    [Range(100, 100_000)]
    public int LiveAlerts { get; set; } = 2_000;

    /// <summary>Shortest time between two refreshes of an open page. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Silence on the live stream after which a ping is sent, so that proxies keep it open. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(15);
}

[OptionsValidator]
internal sealed partial class WebOptionsValidator : IValidateOptions<WebOptions>;
