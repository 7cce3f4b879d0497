using System.ComponentModel.DataAnnotations;

namespace RiskWatch.Server.Jobs;

/// <summary>How long the store keeps what (LOG §10.4); a daily job of role <c>jobs</c> deletes the rest.</summary>
public sealed class RetentionOptions : IValidatableObject
{
    public const string Section = "RiskWatch:Retention";

    /// <summary>Records, by first published; also of sites that have no period of their own. Default 396 days (13 months).</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan Records { get; set; } = TimeSpan.FromDays(396);

    /// <summary>Records of single sites, for example <c>RiskWatch:Retention:Sites:china=90.00:00:00</c>. Default: none.</summary>
    public Dictionary<string, TimeSpan> Sites { get; set; } = [];

    /// <summary>Alerts that are over, from their last change. Default 396 days (13 months).</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan Alerts { get; set; } = TimeSpan.FromDays(396);

    /// <summary>Hours of series. Default 396 days (13 months).</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan Trends { get; set; } = TimeSpan.FromDays(396);

    /// <summary>Hour of the day, local time, at which it runs. Default 3.</summary>
    [Range(0, 23)]
    public int Hour { get; set; } = 3;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Sites.FirstOrDefault(s => s.Value < TimeSpan.FromDays(1)).Key is { } site)
        {
            yield return new ValidationResult($"{site} must keep records for at least 1.00:00:00.", [nameof(Sites)]);
        }
    }
}
