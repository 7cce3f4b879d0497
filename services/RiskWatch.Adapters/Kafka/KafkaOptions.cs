using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;

namespace RiskWatch.Adapters.Kafka;

/// <summary>How to reach Kafka and how long to wait for it.</summary>
public sealed class KafkaOptions : IValidatableObject
{
    public const string Section = "RiskWatch:Kafka";

    // Asked for with every entry.
    private readonly ConcurrentDictionary<string, string> _physical = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _logical = new(StringComparer.Ordinal);

    /// <summary>Bootstrap servers, <c>host:port</c> with commas. Default <c>127.0.0.1:9092</c>.</summary>
    [Required]
    public string BootstrapServers { get; set; } = "127.0.0.1:9092";

    /// <summary>Put before the names of topics, groups and transactional ids, so that several installations share a cluster. Default: nothing.</summary>
    [RegularExpression("[a-zA-Z0-9._-]*", ErrorMessage = "RiskWatch:Kafka:TopicPrefix may have letters, digits, dots, dashes and underscores.")]
    public string TopicPrefix { get; set; } = "";

    /// <summary>Copies of each topic that is made; the brokers' default where 0. Default 0.</summary>
    [Range(0, 15)]
    public short ReplicationFactor { get; set; }

    /// <summary>A transaction that takes longer is aborted by the broker (LOG §1.1). Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:15:00")]
    public TimeSpan TransactionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A member that is silent longer loses its partitions; only for brokers without KIP-848 groups, others decide themselves. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A member that neither reads nor commits for longer leaves its group, and its partitions go to others. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxPollInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary><c>auto</c> (default): <c>consumer</c> where the brokers have it, else <c>classic</c>; <c>consumer</c>: KIP-848, brokers 4.0 and later; <c>classic</c>: cooperative-sticky.</summary>
    [RegularExpression("auto|consumer|classic", ErrorMessage = "RiskWatch:Kafka:GroupProtocol must be auto, consumer or classic.")]
    public string GroupProtocol { get; set; } = "auto";

    /// <summary>How brokers are spoken to: <c>plaintext</c> (default), <c>ssl</c>, <c>sasl_plaintext</c> or <c>sasl_ssl</c>. The host name in the broker's certificate is checked.</summary>
    [RegularExpression("plaintext|ssl|sasl_plaintext|sasl_ssl", ErrorMessage = "RiskWatch:Kafka:SecurityProtocol must be plaintext, ssl, sasl_plaintext or sasl_ssl.")]
    public string SecurityProtocol { get; set; } = "plaintext";

    /// <summary>With SASL: <c>PLAIN</c>, <c>SCRAM-SHA-256</c> or <c>SCRAM-SHA-512</c>. Default: none.</summary>
    [RegularExpression("PLAIN|SCRAM-SHA-256|SCRAM-SHA-512", ErrorMessage = "RiskWatch:Kafka:SaslMechanism must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.")]
    public string? SaslMechanism { get; set; }

    /// <summary>User, with SASL. Default: none.</summary>
    public string? SaslUsername { get; set; }

    /// <summary>Password of the user, better given by the environment. Default: none.</summary>
    public string? SaslPassword { get; set; }

    /// <summary>PEM file of the authorities that a broker's certificate must chain to. Default: those that the system trusts.</summary>
    public string? SslCaLocation { get; set; }

    /// <summary>PEM file of this client's certificate, where brokers ask for one. Default: none.</summary>
    public string? SslCertificateLocation { get; set; }

    /// <summary>PEM file of the private key of that certificate. Default: none.</summary>
    public string? SslKeyLocation { get; set; }

    /// <summary>Password of the private key. Default: none.</summary>
    public string? SslKeyPassword { get; set; }

    /// <summary>Largest value of an entry in bytes. Default 1,000,000.</summary>
    [Range(1_000, 100_000_000)]
    public int LargestEntry { get; set; } = 1_000_000;

    /// <summary>Memory for fetched entries per consumer in KiB. Default 32 MiB.</summary>
    [Range(1_024, 1_048_576)]
    public int FetchQueueKilobytes { get; set; } = 32 * 1024;

    /// <summary>How long administrative calls, first connections and appends may take. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var sasl = SecurityProtocol.StartsWith("sasl", StringComparison.Ordinal);
        if (sasl && (SaslMechanism is null || SaslUsername is null || SaslPassword is null))
        {
            yield return new ValidationResult("asks for RiskWatch:Kafka:SaslMechanism, RiskWatch:Kafka:SaslUsername and RiskWatch:Kafka:SaslPassword.", [nameof(SecurityProtocol)]);
        }

        if (!sasl && (SaslMechanism is not null || SaslUsername is not null || SaslPassword is not null))
        {
            yield return new ValidationResult("takes no user: set it to sasl_ssl (or sasl_plaintext), or leave RiskWatch:Kafka:SaslMechanism, SaslUsername and SaslPassword out.", [nameof(SecurityProtocol)]);
        }

        if (!SecurityProtocol.EndsWith("ssl", StringComparison.Ordinal) && (SslCaLocation ?? SslCertificateLocation ?? SslKeyLocation) is not null)
        {
            yield return new ValidationResult("takes no certificates: set it to ssl or sasl_ssl, or leave the RiskWatch:Kafka:Ssl… keys out.", [nameof(SecurityProtocol)]);
        }

        if (SslCertificateLocation is null != SslKeyLocation is null)
        {
            yield return new ValidationResult("and RiskWatch:Kafka:SslKeyLocation belong together.", [nameof(SslCertificateLocation)]);
        }

        foreach (var (name, file) in new[] { (nameof(SslCaLocation), SslCaLocation), (nameof(SslCertificateLocation), SslCertificateLocation), (nameof(SslKeyLocation), SslKeyLocation) })
        {
            if (file is not null && !File.Exists(file))
            {
                yield return new ValidationResult("there is no such file.", [name]);
            }
        }
    }

    /// <summary>The name on the cluster.</summary>
    internal string Physical(string name) => TopicPrefix.Length == 0 ? name : _physical.GetOrAdd(name, static (name, prefix) => prefix + name, TopicPrefix);

    /// <summary>The name in RiskWatch.</summary>
    internal string Logical(string name) => TopicPrefix.Length == 0 ? name : _logical.GetOrAdd(name, static (name, prefix) => name[prefix.Length..], TopicPrefix);
}
