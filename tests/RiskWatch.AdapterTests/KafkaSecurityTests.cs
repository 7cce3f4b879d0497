using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RiskWatch.Adapters.Kafka;
using RiskWatch.AdapterTests.Support;
using RiskWatch.Core.Log;

namespace RiskWatch.AdapterTests;

/// <summary>TLS, users and certificates against a real broker that asks for them, and that has no KIP-848 groups.</summary>
public sealed class KafkaSecurityTests : IClassFixture<KafkaSecurityTests.Broker>
{
    private readonly Broker _broker;

    public KafkaSecurityTests(Broker broker) => _broker = broker;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_the_right_authority_and_user_a_stage_reads_and_commits() => await WorksAsync(Users(await _broker.StartedAsync()));

    [Fact]
    public async Task With_a_certificate_of_its_own_where_brokers_ask_for_one_a_stage_reads_and_commits()
    {
        var secured = await _broker.StartedAsync();

        await WorksAsync(new KafkaOptions
        {
            BootstrapServers = secured.WithCertificates,
            SecurityProtocol = "ssl",
            SslCaLocation = secured.AuthorityFile,
            SslCertificateLocation = secured.ClientFile,
            SslKeyLocation = secured.ClientKeyFile,
        });
    }

    [Fact]
    public async Task A_wrong_password_is_named()
    {
        var options = Users(await _broker.StartedAsync());
        options.SaslPassword = "another";

        Assert.Contains("SaslPassword", await RefusedAsync(options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_of_another_authority_is_not_trusted()
    {
        var secured = await _broker.StartedAsync();
        var options = Users(secured);
        options.SslCaLocation = secured.OtherAuthorityFile;

        Assert.Contains("SslCaLocation", await RefusedAsync(options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_whose_certificate_is_for_another_host_is_not_trusted()
    {
        var secured = await _broker.StartedAsync();

        Assert.Contains(
            "refuses the connection",
            await RefusedAsync(new KafkaOptions { BootstrapServers = secured.OfAnotherHost, SecurityProtocol = "ssl", SslCaLocation = secured.AuthorityFile }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_brokers_have_no_groups_of_the_new_protocol_a_stage_joins_a_classic_one()
    {
        var (options, said) = (Users(await _broker.StartedAsync()), new Said());

        await WorksAsync(options, said);

        Assert.Contains("ClassicGroups", said.Events);
    }

    private static KafkaOptions Users(SecuredBroker secured) => new()
    {
        BootstrapServers = secured.WithUsers,
        SecurityProtocol = "sasl_ssl",
        SaslMechanism = "PLAIN",
        SaslUsername = SecuredBroker.User,
        SaslPassword = SecuredBroker.Password,
        SslCaLocation = secured.AuthorityFile,
    };

    private static async Task WorksAsync(KafkaOptions options, ILogger<KafkaEventLog>? logger = null)
    {
        var name = "secured." + Guid.NewGuid().ToString("N")[..8];
        await using var log = new KafkaEventLog(options, logger ?? NullLogger<KafkaEventLog>.Instance);
        await log.EnsureTopicsAsync([new TopicDefinition(name, 1, TopicCleanup.Delete, null), new TopicDefinition(name + ".state", 1, TopicCleanup.Compact, null)], Cancel);
        await log.AppendAsync([new LogOutput(name, "key", "test", "value"u8.ToArray())], Cancel);
        await using var member = log.Join(new MembershipOptions(name, name, name + ".state", "a"));
        var began = TimeProvider.System.GetTimestamp();
        LogBatch batch;
        do
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), "The entry never came.");
            batch = await member.ReadAsync(10, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(20), Cancel);
        }
        while (batch.Messages.Count == 0);

        await batch.CommitAsync([], [new StateChange(0, "k", "v"u8.ToArray())], Cancel);
        Assert.Equal("key", batch.Messages[0].Key);
    }

    private static async Task<string> RefusedAsync(KafkaOptions options)
    {
        options.Timeout = TimeSpan.FromSeconds(8);
        await using var log = new KafkaEventLog(options, NullLogger<KafkaEventLog>.Instance);
        var error = await Assert.ThrowsAsync<LogConfigurationException>(() => log.EnsureTopicsAsync([new TopicDefinition("refused", 1, TopicCleanup.Delete, null)], Cancel));
        return error.Message;
    }

    /// <summary>Names of what was logged.</summary>
    private sealed class Said : ILogger<KafkaEventLog>
    {
        public ConcurrentBag<string?> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Events.Add(eventId.Name);
    }

    /// <summary>The broker, started by the first test that asks for it.</summary>
    public sealed class Broker : IAsyncDisposable
    {
        private SecuredBroker? _secured;

        public async ValueTask DisposeAsync()
        {
            if (_secured is not null)
            {
                await _secured.DisposeAsync();
            }
        }

        internal async Task<SecuredBroker> StartedAsync() => _secured ??= await SecuredBroker.StartAsync(Requirement.Server("RISKWATCH_TEST_KAFKA_JARS", "kafka"), Cancel);
    }
}
