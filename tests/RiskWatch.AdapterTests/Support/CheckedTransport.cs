using RiskWatch.Adapters.Elasticsearch;

namespace RiskWatch.AdapterTests.Support;

/// <summary>Checks every request against the API description before it is sent; what only OpenSearch has is not in it.</summary>
internal sealed class CheckedTransport(IElasticTransport inner, ApiDescription? description) : IElasticTransport
{
    private static readonly string[] OpenSearchOnly = ["_plugins/", "_search/point_in_time"];

    public Task<ElasticResponse> SendAsync(ElasticRequest request, CancellationToken cancel)
    {
        if (description is not null && !OpenSearchOnly.Any(o => request.Path.Contains(o, StringComparison.Ordinal)))
        {
            Assert.Null(description.Check(request.Method.Method, request.Path, request.Body, request.Lines));
        }

        return inner.SendAsync(request, cancel);
    }

    public void Dispose() => inner.Dispose();
}
