namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>Which of the two servers it is. They differ in media types, the product header, points in time, and the lifecycle API; in nothing else that is used here.</summary>
public enum Flavor
{
    /// <summary>Elasticsearch 8 or 9.</summary>
    Elasticsearch,

    /// <summary>OpenSearch 2 or 3.</summary>
    OpenSearch,
}
