using Confluent.Kafka;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Kafka;

/// <summary>What Kafka's errors mean to a stage.</summary>
internal static class KafkaErrors
{
    public static bool IsFencing(Error error) => error.Code is ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.IllegalGeneration
        or ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId or ErrorCode.RebalanceInProgress or ErrorCode.Local_Fenced or ErrorCode.Local_State
        or ErrorCode.Local_MaxPollExceeded or ErrorCode.FencedMemberEpoch or ErrorCode.StaleMemberEpoch;

    /// <summary>Whether brokers have no KIP-848 groups, so that the classic protocol must do.</summary>
    public static bool LacksNewGroups(Error error) => error.Code is ErrorCode.UnsupportedVersion or ErrorCode.Local_UnsupportedFeature
        || (error.IsFatal && error.Reason.Contains("ConsumerGroupHeartbeat", StringComparison.Ordinal) && error.Reason.Contains("nsupported", StringComparison.Ordinal));

    /// <summary>Whether brokers refuse the connection itself: waiting does not help.</summary>
    public static bool IsSecurity(Error? error) => error?.Code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Ssl;

    /// <summary>The exception of the port for one of the client's.</summary>
    /// <param name="e">What the call gave.</param>
    /// <param name="doing">What was being done.</param>
    /// <param name="connection">What was said of the connection last, where that is known.</param>
    public static Exception Translate(KafkaException e, string doing, Error? connection = null) => e.Error switch
    {
        _ when IsSecurity(connection)
            => new LogConfigurationException($"Kafka refuses the connection while {doing}: {connection!.Reason}. Check RiskWatch:Kafka:SecurityProtocol, SaslMechanism, SaslUsername, SaslPassword and SslCaLocation.", e),
        { Code: ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.TransactionalIdAuthorizationFailed or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Authentication }
            => new LogConfigurationException($"Kafka refuses {doing}: {e.Error.Reason}. Check RiskWatch:Kafka and the broker's permissions.", e),
        { Code: ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition }
            => new TransientLogException($"Kafka does not know a topic while {doing}: {e.Error.Reason}.", e),
        { Code: ErrorCode.UnsupportedVersion } => new LogConfigurationException($"The broker is too old for {doing}: {e.Error.Reason}. Set RiskWatch:Kafka:GroupProtocol to classic for brokers before 4.0.", e),
        var error when IsFencing(error) => new FencedException($"Kafka fenced this member while {doing}: {error.Reason}.", e),
        var error => new TransientLogException($"Kafka cannot be used for {doing}: {error.Reason} ({error.Code}){(connection is null ? "" : "; brokers: " + connection.Reason)}.", e),
    };
}
