using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Kafka;

/// <summary>The event log on Kafka: transactions between topics, compacted changelogs, read_committed everywhere (RUNTIME §4).</summary>
public sealed class KafkaEventLog : IEventLog
{
    private readonly KafkaOptions _options;
    private readonly ILogger<KafkaEventLog> _logger;
    private readonly IAdminClient _admin;
    private readonly KafkaTopics _topics;
    private readonly System.Collections.Concurrent.ConcurrentBag<KafkaMember> _members = [];
    private readonly KafkaAppender _appender;
    private readonly Lazy<IConsumer<byte[]?, byte[]?>> _ends;
    private readonly Lazy<IAdminClient> _offsets;
    private volatile Error? _lastError;

    public KafkaEventLog(KafkaOptions options, ILogger<KafkaEventLog> logger)
    {
        _options = options;
        _logger = logger;
        _admin = new AdminClientBuilder(KafkaClients.Admin(options))
            // "All brokers are down" follows a refused connection and must not hide it.
            .SetErrorHandler((_, error) => _lastError = KafkaErrors.IsSecurity(_lastError) ? _lastError : error)
            .SetLogHandler((_, message) => KafkaLog.Client(_logger, message.Facility, message.Message)).Build();
        _topics = new KafkaTopics(options, _admin);
        _appender = new KafkaAppender(options, logger);
        _ends = new Lazy<IConsumer<byte[]?, byte[]?>>(() => Asker());

        // On a consumer's handle: while a group's coordinator moves, librdkafka asks the handle's own group for it, and an admin client of its own has none
        // and takes the process down (confluent-kafka-javascript#374).
        _offsets = new Lazy<IAdminClient>(() => new DependentAdminClientBuilder(_ends.Value.Handle).Build());
    }

    /// <inheritdoc/>
    public async Task EnsureTopicsAsync(IReadOnlyCollection<TopicDefinition> topics, CancellationToken cancel)
    {
        try
        {
            await _topics.EnsureAsync(topics, cancel).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            // The call itself times out; what brokers said of the connection, such as a wrong password, came beside it.
            throw KafkaErrors.Translate(e, $"checking topics at {_options.BootstrapServers}", _lastError);
        }
    }

    /// <inheritdoc/>
    public int PartitionsOf(string topic) => _topics.PartitionsOf(topic);

    /// <inheritdoc/>
    public ILogMember Join(MembershipOptions options)
    {
        var member = new KafkaMember(_options, options, _topics, _logger);
        _members.Add(member);
        return member;
    }

    /// <summary>Ends all members as kill -9 would; for tests.</summary>
    internal void Crash()
    {
        foreach (var member in _members)
        {
            member.Crash();
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LogPosition>> AppendAsync(IReadOnlyList<LogOutput> outputs, CancellationToken cancel)
    {
        KafkaSize.Check(outputs, _options.LargestEntry);
        try
        {
            return await _appender.AppendAsync(outputs, PartitionsOf).WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            throw KafkaErrors.Translate(e, $"appending to {string.Join(", ", outputs.Select(o => o.Topic).Distinct())}");
        }
    }

    /// <inheritdoc/>
    public ILogTail Tail(string topic, bool fromBeginning)
    {
        try
        {
            return new KafkaTail(_options, topic, PartitionsOf(topic), fromBeginning);
        }
        catch (KafkaException e)
        {
            throw KafkaErrors.Translate(e, $"following {topic}");
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> EndOffsetsAsync(string topic, CancellationToken cancel) => Task.Run<IReadOnlyList<long>>(
        () =>
        {
            try
            {
                return [.. Enumerable.Range(0, PartitionsOf(topic)).Select(p => Query(new TopicPartition(_options.Physical(topic), p)).High.Value)];
            }
            catch (KafkaException e)
            {
                throw KafkaErrors.Translate(e, $"asking for the end of {topic}");
            }
        },
        cancel);

    private WatermarkOffsets Query(TopicPartition partition)
    {
        lock (_ends)
        {
            return KafkaOffsets.Query(_ends.Value, partition, _options.Timeout);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<long>> CommittedOffsetsAsync(string group, string topic, CancellationToken cancel)
    {
        try
        {
            var partitions = Enumerable.Range(0, PartitionsOf(topic)).Select(p => new TopicPartition(_options.Physical(topic), p)).ToList();
            try
            {
                return await ListAsync(_offsets.Value, group, partitions, cancel).ConfigureAwait(false);
            }
            catch (KafkaException e) when (e.Error.Code == ErrorCode.NotCoordinatorForGroup)
            {
                // The client goes on asking the coordinator it knew before a broker failed, for minutes; one that knows none finds the new one.
                using var fresh = Asker();
                using var admin = new DependentAdminClientBuilder(fresh.Handle).Build();
                return await ListAsync(admin, group, partitions, cancel).ConfigureAwait(false);
            }
        }
        catch (KafkaException e)
        {
            throw KafkaErrors.Translate(e, $"asking for the offsets of {group}");
        }
    }

    private IConsumer<byte[]?, byte[]?> Asker() => new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.Consumer(_options, "riskwatch.ends", IsolationLevel.ReadCommitted)).Build();

    // Not the stable ones: while a group commits again and again there is seldom a moment without a transaction whose markers are being written.
    private async Task<IReadOnlyList<long>> ListAsync(IAdminClient admin, string group, List<TopicPartition> partitions, CancellationToken cancel)
    {
        var options = new ListConsumerGroupOffsetsOptions { RequireStableOffsets = false, RequestTimeout = _options.Timeout };
        var found = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(_options.Physical(group), partitions)], options).WaitAsync(cancel).ConfigureAwait(false);
        return [.. found[0].Partitions.OrderBy(p => p.Partition.Value).Select(p => p.Offset.IsSpecial ? 0 : p.Offset.Value)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.Run(() =>
    {
        _appender.Dispose();

        if (_offsets.IsValueCreated)
        {
            _offsets.Value.Dispose();
        }

        if (_ends.IsValueCreated)
        {
            _ends.Value.Dispose();
        }

        _admin.Dispose();
    }).ConfigureAwait(false);
}
