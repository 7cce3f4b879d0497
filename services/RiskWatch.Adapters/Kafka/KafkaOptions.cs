using System.ComponentModel.DataAnnotations;

namespace RiskWatch.Adapters.Kafka;

/// <summary>How to reach Kafka and how long to wait for it.</summary>
public sealed class KafkaOptions
{
    public const string Section = "RiskWatch:Kafka";

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

    /// <summary><c>consumer</c> (KIP-848, brokers 4.0 and later; default) or <c>classic</c> (cooperative-sticky).</summary>
    [RegularExpression("consumer|classic", ErrorMessage = "RiskWatch:Kafka:GroupProtocol must be consumer or classic.")]
    public string GroupProtocol { get; set; } = "consumer";

    /// <summary>Largest value of an entry in bytes. Default 1,000,000.</summary>
    [Range(1_000, 100_000_000)]
    public int LargestEntry { get; set; } = 1_000_000;

    /// <summary>Memory for fetched entries per consumer in KiB. Default 32 MiB.</summary>
    [Range(1_024, 1_048_576)]
    public int FetchQueueKilobytes { get; set; } = 32 * 1024;

    /// <summary>How long administrative calls, first connections and appends may take. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The name on the cluster.</summary>
    internal string Physical(string name) => TopicPrefix.Length == 0 ? name : TopicPrefix + name;

    /// <summary>The name in RiskWatch.</summary>
    internal string Logical(string name) => TopicPrefix.Length == 0 ? name : name[TopicPrefix.Length..];
}
