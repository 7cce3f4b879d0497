using System.ComponentModel.DataAnnotations;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Core.Log;

namespace RiskWatch.AdapterTests;

/// <summary>Topics with wrong settings, what entries carry beside their value, and how connections are secured.</summary>
public sealed class KafkaSettingsTests
{
    private static readonly string Topic = "test.settings." + Guid.NewGuid().ToString("N")[..10];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<TopicDefinition, string, string> Wrong => new()
    {
        { new TopicDefinition(Topic, 2, TopicCleanup.Delete, TimeSpan.FromHours(2)), "partitions", "a topic has other partitions" },
        { new TopicDefinition(Topic, 1, TopicCleanup.Delete, TimeSpan.FromHours(3)), "--add-config retention.ms=10800000", "a topic keeps for another time" },
        { new TopicDefinition(Topic, 1, TopicCleanup.Compact), "--add-config cleanup.policy=compact", "a topic is not compacted" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_topic_with_wrong_settings_is_refused_and_the_error_says_what_to_change(TopicDefinition wanted, string expected, string because)
    {
        await using var log = new KafkaEventLog(Options(), NullLogger<KafkaEventLog>.Instance);
        await log.EnsureTopicsAsync([new TopicDefinition(Topic, 1, TopicCleanup.Delete, TimeSpan.FromHours(2))], Cancel);

        var error = await Assert.ThrowsAsync<LogConfigurationException>(() => log.EnsureTopicsAsync([wanted], Cancel));

        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal) && error.Message.Contains(Topic, StringComparison.Ordinal), $"{because}: {error.Message}");
    }

    [Fact]
    public async Task An_entry_carries_its_type_schema_version_content_type_and_trace()
    {
        var options = Options();
        await using var log = new KafkaEventLog(options, NullLogger<KafkaEventLog>.Instance);
        var topic = Topic + ".headers";
        await log.EnsureTopicsAsync([new TopicDefinition(topic, 1, TopicCleanup.Delete, null)], Cancel);
        using var activity = new System.Diagnostics.Activity("test").SetIdFormat(System.Diagnostics.ActivityIdFormat.W3C).Start();
        await log.AppendAsync([new LogOutput(topic, "key", "kind", "{}"u8.ToArray())], Cancel);

        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = options.BootstrapServers, GroupId = topic }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, 0));
        var headers = consumer.Consume(TimeSpan.FromSeconds(30)).Message.Headers.ToDictionary(h => h.Key, h => Encoding.UTF8.GetString(h.GetValueBytes()));

        Assert.Equal(("kind", $"{Schema.Current}", "application/json", activity.Id), (headers["type"], headers["schema"], headers["content-type"], headers["traceparent"]));
    }

    [Theory]
    [InlineData("sasl_ssl", null, null, null, "SaslMechanism", "SASL needs a mechanism and a user")]
    [InlineData("plaintext", "PLAIN", "user", null, "sasl_ssl", "a user without SASL would never be sent")]
    [InlineData("plaintext", null, null, "/nowhere.pem", "certificates", "certificates without TLS would never be looked at")]
    [InlineData("ssl", null, null, "/nowhere.pem", "no such file", "a file that is missing")]
    public void A_half_secured_connection_is_refused_and_named(string protocol, string? mechanism, string? user, string? authority, string expected, string because)
    {
        var options = new KafkaOptions { SecurityProtocol = protocol, SaslMechanism = mechanism, SaslUsername = user, SslCaLocation = authority };
        var results = new List<ValidationResult>();

        Assert.False(Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true), because);
        Assert.Contains(results, r => r.ErrorMessage!.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Credentials_and_certificates_are_passed_on_to_every_client()
    {
        var options = new KafkaOptions { SecurityProtocol = "sasl_ssl", SaslMechanism = "SCRAM-SHA-512", SaslUsername = "user", SaslPassword = "password", SslCaLocation = "ca.pem" };
        ClientConfig[] clients = [KafkaClients.Admin(options), KafkaClients.Producer(options), KafkaClients.TransactionalProducer(options, "id"), KafkaClients.Consumer(options, "group", IsolationLevel.ReadCommitted), KafkaClients.GroupConsumer(options, "group")];

        Assert.All(clients, c => Assert.Equal(
            (SecurityProtocol.SaslSsl, SaslMechanism.ScramSha512, "user", "password", "ca.pem"), (c.SecurityProtocol, c.SaslMechanism, c.SaslUsername, c.SaslPassword, c.SslCaLocation)));
    }

    private static KafkaOptions Options() => new() { BootstrapServers = Requirement.Server("RISKWATCH_TEST_KAFKA", "kafka") };
}
