using System.ComponentModel.DataAnnotations;

namespace RiskWatch.Server.Hosting;

/// <summary>Where metrics, traces and logs go besides the console.</summary>
public sealed class TelemetryOptions : IValidatableObject
{
    public const string Section = "RiskWatch:Telemetry";

    /// <summary>Whether <c>/metrics</c> answers in Prometheus' text form. Default true.</summary>
    public bool Prometheus { get; set; } = true;

    /// <summary>Address of an OpenTelemetry collector for metrics, traces and logs, for example <c>http://collector:4317</c>. Default: none.</summary>
    public string? OtlpEndpoint { get; set => field = string.IsNullOrWhiteSpace(value) ? null : value; }

    /// <summary><c>grpc</c> (default, usually port 4317) or <c>http</c> (protobuf over HTTP, usually port 4318).</summary>
    [RegularExpression("grpc|http", ErrorMessage = "RiskWatch:Telemetry:OtlpProtocol must be grpc or http.")]
    public string OtlpProtocol { get; set; } = "grpc";

    /// <summary>Headers for the collector, <c>name=value</c> with commas; a secret. Default: none.</summary>
    public string? OtlpHeaders { get; set => field = string.IsNullOrWhiteSpace(value) ? null : value; }

    /// <summary>Share of traces that are kept, from 0 to 1. Default 0.05.</summary>
    [Range(0.0, 1.0)]
    public double TraceShare { get; set; } = 0.05;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OtlpEndpoint is not null && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            yield return new ValidationResult("it must be an address such as http://collector:4317.", [nameof(OtlpEndpoint)]);
        }

        if (OtlpHeaders is not null && OtlpHeaders.Split(',').Any(h => !h.Contains('=', StringComparison.Ordinal)))
        {
            yield return new ValidationResult("it must be name=value pairs with commas.", [nameof(OtlpHeaders)]);
        }
    }
}
