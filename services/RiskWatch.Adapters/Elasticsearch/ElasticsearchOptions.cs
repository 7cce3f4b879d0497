using System.ComponentModel.DataAnnotations;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>How to reach Elasticsearch or OpenSearch, and how indices are made there.</summary>
public sealed class ElasticsearchOptions : IValidatableObject
{
    public const string Section = "RiskWatch:Elasticsearch";

    /// <summary>Addresses of nodes, <c>https://host:9200</c> with commas. Default <c>http://127.0.0.1:9200</c>.</summary>
    [Required]
    public string Urls { get; set; } = "http://127.0.0.1:9200";

    /// <summary>API key, as <c>id:key</c> or encoded as Kibana shows it. Default: none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>User name, where there is no API key. Default: none.</summary>
    public string? Username { get; set; }

    /// <summary>Password of the user. Default: none.</summary>
    public string? Password { get; set; }

    /// <summary>SHA-256 of the certificate authority's certificate that a node's certificate must chain to, in hexadecimal digits; the host name is checked too. Default: what the system trusts.</summary>
    public string? CaFingerprint { get; set; }

    /// <summary>First part of the names of indices, templates and aliases, so that several installations share a cluster. Default <c>riskwatch</c>.</summary>
    [RegularExpression("[a-z0-9][a-z0-9_]{0,49}", ErrorMessage = "RiskWatch:Elasticsearch:Prefix may have lower-case letters, digits and underscores, at most 50.")]
    public string Prefix { get; set; } = "riskwatch";

    /// <summary>Shards of each monthly index. Default 1.</summary>
    [Range(1, 64)]
    public int Shards { get; set; } = 1;

    /// <summary>Copies of each shard. Default 1.</summary>
    [Range(0, 9)]
    public int Replicas { get; set; } = 1;

    /// <summary>How long until what was written is found by searches. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one request may take. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one call is repeated while nodes are away or busy, before whoever called waits and tries again. Default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Largest bulk request in bytes; it shrinks while the server is busy. Default 8 MB.</summary>
    [Range(10_000, 90_000_000)]
    public int MaxBulkBytes { get; set; } = 8_000_000;

    /// <summary>Bulk requests under way at once. Default 2.</summary>
    [Range(1, 16)]
    public int BulkRequests { get; set; } = 2;

    /// <summary>Makes lifecycle policies (ILM or ISM) that delete whole months after <see cref="KeepMonths"/>, where the server has them. The retention job deletes in any case. Default true.</summary>
    public bool Lifecycle { get; set; } = true;

    /// <summary>Months after which a lifecycle policy deletes an index. Default 14: later than the retention job, which it backs up.</summary>
    [Range(1, 1200)]
    public int KeepMonths { get; set; } = 14;

    /// <summary>The addresses.</summary>
    internal IReadOnlyList<Uri> Nodes => [.. Urls.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(url => new Uri(url.TrimEnd('/') + "/"))];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var urls = Urls.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (urls.Length == 0 || urls.Any(url => !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0 || uri.Query.Length > 0))
        {
            yield return new ValidationResult("give addresses such as https://host:9200, several with commas, without user or password in them.", [nameof(Urls)]);
        }

        if (ApiKey is not null && Username is not null)
        {
            yield return new ValidationResult("give RiskWatch:Elasticsearch:ApiKey or RiskWatch:Elasticsearch:Username, not both.", [nameof(Username)]);
        }

        if (Username is null != Password is null)
        {
            yield return new ValidationResult("RiskWatch:Elasticsearch:Username and RiskWatch:Elasticsearch:Password belong together.", [nameof(Username)]);
        }

        if (CaFingerprint is not null && ServerCertificate.Digits(CaFingerprint) is null)
        {
            yield return new ValidationResult("must be the 64 hexadecimal digits of a SHA-256, colons allowed.", [nameof(CaFingerprint)]);
        }

        if (CaFingerprint is not null && urls.Any(url => url.StartsWith("http:", StringComparison.OrdinalIgnoreCase)))
        {
            yield return new ValidationResult("holds an http address, for which RiskWatch:Elasticsearch:CaFingerprint cannot be checked: use https.", [nameof(Urls)]);
        }
    }
}
