using System.Text.Json;
using System.Text.Json.Nodes;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>
/// Sends one request and gives the answer of the node that could. The seam where the vendor's transport could come in: everything above it is requests
/// and answers, everything below it nodes, retries, credentials and certificates.
/// </summary>
internal interface IElasticTransport : IDisposable
{
    /// <summary>Sends a request; any answer that another try would not change comes back, failures among them.</summary>
    /// <exception cref="Core.Store.TransientStoreException">No node served it in time.</exception>
    /// <exception cref="Core.Store.StoreConfigurationException">The server refuses the credentials or the media type.</exception>
    Task<ElasticResponse> SendAsync(ElasticRequest request, CancellationToken cancel);
}

/// <summary>A request.</summary>
/// <param name="Method">Method.</param>
/// <param name="Path">Path and query, without a leading slash.</param>
/// <param name="Body">JSON, or lines of it for a bulk.</param>
/// <param name="Lines">True for a bulk, whose sender treats "too many requests" and "too large" itself.</param>
internal sealed record ElasticRequest(HttpMethod Method, string Path, ReadOnlyMemory<byte> Body = default, bool Lines = false)
{
    public static ElasticRequest Get(string path) => new(HttpMethod.Get, path);

    public static ElasticRequest Of(HttpMethod method, string path, JsonObject body) => new(method, path, JsonSerializer.SerializeToUtf8Bytes(body));
}

/// <summary>An answer.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Body.</param>
/// <param name="RetryAfter">How long the server asks to wait.</param>
/// <param name="Product">The product header.</param>
internal sealed record ElasticResponse(int Status, byte[] Body, TimeSpan? RetryAfter = null, string? Product = null)
{
    public bool Ok => Status is >= 200 and < 300;
}
