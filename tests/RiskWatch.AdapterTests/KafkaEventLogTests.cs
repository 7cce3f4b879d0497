using Microsoft.Extensions.Logging.Abstractions;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Core.Log;

namespace RiskWatch.AdapterTests;

/// <summary>Kafka, one broker, through the compliance suite.</summary>
public sealed class KafkaEventLogTests : KafkaCompliance
{
    protected override string Variable => "RISKWATCH_TEST_KAFKA";
}

/// <summary>Kafka, three brokers with replication 3, through the compliance suite.</summary>
public sealed class KafkaClusterEventLogTests : KafkaCompliance
{
    protected override string Variable => "RISKWATCH_TEST_KAFKA_CLUSTER";
}

/// <summary>The compliance suite on a real Kafka whose address an environment variable gives; skipped with the reason where it is missing.</summary>
public abstract class KafkaCompliance : EventLogCompliance
{
    private string _servers = "";

    protected abstract string Variable { get; }

    protected override int MaxEntryBytes => new KafkaOptions().LargestEntry;

    protected override TimeSpan Patience => TimeSpan.FromSeconds(60);

    // A fetch brings up to a megabyte of one partition.
    protected override int BusyEntryBytes => 4_000;

    public override ValueTask InitializeAsync()
    {
        _servers = Requirement.Server(Variable, "kafka");
        return ValueTask.CompletedTask;
    }

    protected override Task<IEventLog> CreateAsync() => Task.FromResult<IEventLog>(new KafkaEventLog(
        new KafkaOptions { BootstrapServers = _servers, MaxPollInterval = TimeSpan.FromSeconds(6) }, NullLogger<KafkaEventLog>.Instance));

    // A client that is not closed and no longer polls is what the group sees of a killed process.
    protected override Task KillAsync(IEventLog log)
    {
        ((KafkaEventLog)log).Crash();
        return Task.CompletedTask;
    }

    protected override Task MaintainAsync(IEventLog log, TimeSpan later) => Task.CompletedTask;
}
