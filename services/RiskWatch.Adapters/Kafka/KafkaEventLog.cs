using Confluent.Kafka;
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
    private readonly KafkaPositions _positions;
    private readonly KafkaPositions _watched;
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
        _positions = new KafkaPositions(options);
        _watched = new KafkaPositions(options);
    }

    /// <inheritdoc/>
    public async Task EnsureTopicsAsync(IReadOnlyCollection<TopicDefinition> topics, CancellationToken cancel)
    {
        try
        {
            await _topics.EnsureAsync(topics, cancel).ConfigureAwait(false);
            _lastError = null;
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
        var member = new KafkaMember(_options, options, _topics, _watched, _logger);
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
            return new KafkaTail(_options, topic, PartitionsOf(topic), fromBeginning, _watched, _logger);
        }
        catch (KafkaException e)
        {
            throw KafkaErrors.Translate(e, $"following {topic}");
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> EndOffsetsAsync(string topic, CancellationToken cancel) =>
        AskAsync(() => _positions.Ends(Partitions(topic)), $"asking for the end of {topic}", cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> CommittedOffsetsAsync(string group, string topic, CancellationToken cancel) =>
        AskAsync(() => _positions.Committed(group, Partitions(topic)), $"asking for the offsets of {group}", cancel);

    private IEnumerable<TopicPartition> Partitions(string topic) => Enumerable.Range(0, PartitionsOf(topic)).Select(p => new TopicPartition(_options.Physical(topic), p));

    // A thread of its own: the client's calls block, for as long as brokers do not answer.
    private static Task<IReadOnlyList<long>> AskAsync(Func<IReadOnlyList<long>> ask, string doing, CancellationToken cancel) => Task.Factory.StartNew(
        () =>
        {
            try
            {
                return ask();
            }
            catch (KafkaException e)
            {
                throw KafkaErrors.Translate(e, doing);
            }
        },
        cancel,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default).WaitAsync(cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.Run(() =>
    {
        _appender.Dispose();
        _positions.Dispose();
        _watched.Dispose();
        _admin.Dispose();
    }).ConfigureAwait(false);
}
