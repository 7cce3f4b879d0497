using Confluent.Kafka;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Kafka;

/// <summary>What Kafka's errors mean to a stage.</summary>
internal static class KafkaErrors
{
    public static bool IsFencing(Error error) => error.Code is ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.IllegalGeneration
        or ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId or ErrorCode.RebalanceInProgress or ErrorCode.Local_Fenced or ErrorCode.Local_State
        or ErrorCode.Local_MaxPollExceeded or ErrorCode.FencedMemberEpoch or ErrorCode.StaleMemberEpoch;

    /// <summary>The exception of the port for one of the client's.</summary>
    public static Exception Translate(KafkaException e, string doing) => e.Error switch
    {
        { Code: ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.TransactionalIdAuthorizationFailed or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Authentication }
            => new LogConfigurationException($"Kafka refuses {doing}: {e.Error.Reason}. Check RiskWatch:Kafka and the broker's permissions.", e),
        { Code: ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition }
            => new TransientLogException($"Kafka does not know a topic while {doing}: {e.Error.Reason}.", e),
        { Code: ErrorCode.UnsupportedVersion } => new LogConfigurationException($"The broker is too old for {doing}: {e.Error.Reason}. Set RiskWatch:Kafka:GroupProtocol to classic for brokers before 4.0.", e),
        var error when IsFencing(error) => new FencedException($"Kafka fenced this member while {doing}: {error.Reason}.", e),
        var error => new TransientLogException($"Kafka cannot be used for {doing}: {error.Reason} ({error.Code}).", e),
    };
}
