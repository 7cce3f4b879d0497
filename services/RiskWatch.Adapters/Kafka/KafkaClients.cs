using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using RiskWatch.Core.Log;
using LogMessage = RiskWatch.Core.Log.LogMessage;

namespace RiskWatch.Adapters.Kafka;

/// <summary>Client settings as measured (RUNTIME §4), and the one form of an entry as a Kafka message.</summary>
internal static class KafkaClients
{
    private const string TypeHeader = "type";
    private const string SchemaHeader = "schema";
    private const string TraceHeader = "traceparent";
    private const string ContentTypeHeader = "content-type";

    // Milliseconds. Some 25 consumers of eight processes that ask ten times a second keep three brokers busy with nothing.
    private const int IdleFetch = 500;
    private static readonly byte[] ContentType = "application/json"u8.ToArray();
    private static readonly byte[] CurrentSchema = Encoding.UTF8.GetBytes(Schema.Current.ToString(CultureInfo.InvariantCulture));
    private static readonly Dictionary<string, byte[]> TypeBytes = [];

    public static AdminClientConfig Admin(KafkaOptions options) => To(options, new AdminClientConfig());

    public static ProducerConfig Producer(KafkaOptions options) => To(options, new ProducerConfig
    {
        EnableIdempotence = true,
        Acks = Acks.All,
        CompressionType = CompressionType.Lz4,
        LingerMs = 0,
        RetryBackoffMs = 5,
        QueueBufferingMaxMessages = 1_000_000,
        QueueBufferingMaxKbytes = 256 * 1024,
        MessageMaxBytes = options.LargestEntry + 20_000,
        MessageTimeoutMs = (int)options.Timeout.TotalMilliseconds,
        StatisticsIntervalMs = 0,
    });

    public static ProducerConfig TransactionalProducer(KafkaOptions options, string transactionalId)
    {
        var config = Producer(options);
        config.TransactionalId = transactionalId;
        config.TransactionTimeoutMs = (int)options.TransactionTimeout.TotalMilliseconds;
        config.MessageTimeoutMs = (int)options.TransactionTimeout.TotalMilliseconds;
        return config;
    }

    /// <summary>A consumer's settings.</summary>
    /// <param name="options">How to reach Kafka.</param>
    /// <param name="group">Group on the cluster, or a name for a consumer that needs none.</param>
    /// <param name="isolation">Whether entries of open transactions count.</param>
    /// <param name="fetchWait">How long a broker holds a fetch that finds nothing: new entries end it at once, but a partition assigned meanwhile waits for it.</param>
    public static ConsumerConfig Consumer(KafkaOptions options, string group, IsolationLevel isolation, int fetchWait = IdleFetch)
    {
        var config = To(options, new ConsumerConfig
        {
            GroupId = group,
            IsolationLevel = isolation,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnablePartitionEof = true,
            QueuedMaxMessagesKbytes = options.FetchQueueKilobytes,
            FetchWaitMaxMs = fetchWait,
            MaxPartitionFetchBytes = options.LargestEntry + 20_000,
            ConsumeResultFields = "all",
        });
        config.Set("fetch.queue.backoff.ms", "10");
        return config;
    }

    /// <summary>A member's consumer.</summary>
    /// <param name="options">How to reach Kafka.</param>
    /// <param name="group">Group on the cluster.</param>
    /// <param name="classic">Whether the brokers have no KIP-848 groups.</param>
    public static ConsumerConfig GroupConsumer(KafkaOptions options, string group, bool classic = false)
    {
        var config = Consumer(options, group, IsolationLevel.ReadCommitted);
        config.MaxPollIntervalMs = (int)options.MaxPollInterval.TotalMilliseconds;
        if (options.GroupProtocol != "classic" && !classic)
        {
            config.GroupProtocol = GroupProtocol.Consumer;
        }
        else
        {
            config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
            config.SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds;
            config.HeartbeatIntervalMs = (int)options.SessionTimeout.TotalMilliseconds / 5;
        }

        return config;
    }

    /// <summary>A new entry.</summary>
    public static Message<byte[]?, byte[]?> Message(LogOutput output, KafkaHeaders headers) =>
        new() { Key = Key(output.Key), Value = Array(output.Value), Headers = headers.Of(output.Type) };

    /// <summary>An entry as it was, with its time and schema version; state has neither type nor time of its own.</summary>
    public static Message<byte[]?, byte[]?> Message(LogMessage entry) => new()
    {
        Key = Key(entry.Key),
        Value = Array(entry.Value),
        Headers = Headers(entry.Type, entry.SchemaVersion, entry.TraceParent),
        Timestamp = entry.AppendedAt == DateTimeOffset.UnixEpoch ? Timestamp.Default : new Timestamp(entry.AppendedAt),
    };

    public static LogMessage Read(KafkaOptions options, ConsumeResult<byte[]?, byte[]?> result)
    {
        var message = result.Message;
        var type = "";
        var schema = Schema.Current;
        string? trace = null;
        foreach (var header in message.Headers ?? [])
        {
            var bytes = header.GetValueBytes();
            switch (header.Key)
            {
                case TypeHeader:
                    type = Known(bytes);
                    break;
                case SchemaHeader:
                    schema = int.TryParse(bytes, CultureInfo.InvariantCulture, out var version) ? version : int.MaxValue;
                    break;
                case TraceHeader:
                    trace = Encoding.ASCII.GetString(bytes);
                    break;
            }
        }

        return new LogMessage(
            options.Logical(result.Topic), result.Partition.Value, result.Offset.Value, message.Key is null ? null : Encoding.UTF8.GetString(message.Key), type, schema,
            message.Value is { } value ? new ReadOnlyMemory<byte>(value) : default(ReadOnlyMemory<byte>?), DateTimeOffset.FromUnixTimeMilliseconds(message.Timestamp.UnixTimestampMs), trace);
    }

    private static T To<T>(KafkaOptions options, T config)
        where T : ClientConfig
    {
        config.BootstrapServers = options.BootstrapServers;

        // A client that missed that a leader moved reads nothing and says nothing until it asks again: minutes, by default.
        config.TopicMetadataRefreshIntervalMs = 10_000;
        config.SecurityProtocol = Enum.Parse<SecurityProtocol>(options.SecurityProtocol.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        config.SaslMechanism = options.SaslMechanism is { } mechanism ? Enum.Parse<SaslMechanism>(mechanism.Replace("-", "", StringComparison.Ordinal), ignoreCase: true) : null;
        config.SaslUsername = options.SaslUsername;
        config.SaslPassword = options.SaslPassword;
        config.SslCaLocation = options.SslCaLocation;
        config.SslCertificateLocation = options.SslCertificateLocation;
        config.SslKeyLocation = options.SslKeyLocation;
        config.SslKeyPassword = options.SslKeyPassword;
        return config;
    }

    public static byte[]? Array(ReadOnlyMemory<byte>? value) => value switch
    {
        null => null,
        { } memory when MemoryMarshal.TryGetArray(memory, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length => segment.Array,
        { } memory => memory.ToArray(),
    };

    private static byte[]? Key(string? key) => key is null ? null : Encoding.UTF8.GetBytes(key);

    /// <summary>Headers of an entry: type, schema version, content type, trace context.</summary>
    public static Headers Headers(string type, int schema, string? trace)
    {
        var headers = new Headers();
        if (type.Length > 0)
        {
            headers.Add(TypeHeader, Bytes(type));
            headers.Add(SchemaHeader, schema == Schema.Current ? CurrentSchema : Encoding.UTF8.GetBytes(schema.ToString(CultureInfo.InvariantCulture)));
            headers.Add(ContentTypeHeader, ContentType);
        }

        if (trace is not null)
        {
            headers.Add(TraceHeader, Encoding.ASCII.GetBytes(trace));
        }

        return headers;
    }

    // A handful of types: looked up, not made again for each entry.
    private static byte[] Bytes(string type)
    {
        lock (TypeBytes)
        {
            return TypeBytes.TryGetValue(type, out var bytes) ? bytes : TypeBytes[type] = Encoding.UTF8.GetBytes(type);
        }
    }

    private static string Known(byte[] name)
    {
        lock (TypeBytes)
        {
            foreach (var (type, bytes) in TypeBytes)
            {
                if (bytes.AsSpan().SequenceEqual(name))
                {
                    return type;
                }
            }

            var text = Encoding.UTF8.GetString(name);
            if (TypeBytes.Count < 100)
            {
                TypeBytes[text] = name;
            }

            return text;
        }
    }
}

/// <summary>Headers of entries that are sent together, made once per type: the client only reads them.</summary>
/// <param name="trace">W3C trace context of all of them, or null.</param>
internal sealed class KafkaHeaders(string? trace)
{
    private readonly Dictionary<string, Headers> _byType = new(StringComparer.Ordinal);

    /// <summary>Headers of this type of entry.</summary>
    public Headers Of(string type)
    {
        if (!_byType.TryGetValue(type, out var headers))
        {
            _byType[type] = headers = KafkaClients.Headers(type, Schema.Current, trace);
        }

        return headers;
    }
}
