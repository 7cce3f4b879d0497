using System.Text;
using RiskWatch.AdapterTests.Support;

namespace RiskWatch.AdapterTests;

/// <summary>The walker itself: a checker that lets everything pass would prove nothing.</summary>
public sealed class ApiDescriptionTests
{
    [Theory]
    [InlineData("POST", "x/_search?ignore_unavailable=true", """{"size":1,"query":{"bool":{"filter":[{"term":{"a":{"value":"b"}}}]}},"sort":[{"ticks":{"order":"desc"}}]}""", null)]
    [InlineData("POST", "x/_search", """{"sizes":1}""", "$.sizes")]
    [InlineData("POST", "x/_search", """{"query":{"bool":{"filters":[]}}}""", "filters")]
    [InlineData("POST", "x/_search", """{"query":{"bool":{"filter":[{"terms":{"a":["b"]},"bool":{},"x":1}]}}}""", "$.query.bool.filter")]
    [InlineData("POST", "x/_search", """{"sort":[{"ticks":{"ordering":"desc"}}]}""", "ordering")]
    [InlineData("POST", "x/_search", """{"aggregations":{"t":{"date_histogram":{"field":"p","fixedInterval":"1h"}}}}""", "fixedInterval")]
    [InlineData("POST", "x/_search?ignoreUnavailable=true", """{}""", "ignoreUnavailable")]
    [InlineData("PUT", "_index_template/x", """{"template":{"mappings":{"properties":{"a":{"type":"keywords"}}}}}""", "$")]
    [InlineData("PUT", "_index_template/x", """{"template":{"mappings":{"dynamics":"strict"}}}""", "dynamics")]
    [InlineData("POST", "x/_serch", """{}""", "not in the description")]
    public void What_the_description_does_not_name_is_refused(string method, string path, string body, string? expected) =>
        AssertFound(expected, ApiDescription.Required().Check(method, path, Encoding.UTF8.GetBytes(body), lines: false));

    [Theory]
    [InlineData("{\"index\":{\"_index\":\"a\",\"_id\":\"1\",\"version\":3,\"version_type\":\"external\"}}\n{\"any\":1}\n", null)]
    [InlineData("{\"index\":{\"_index\":\"a\",\"ifSeqNo\":3}}\n{\"any\":1}\n", "ifSeqNo")]
    [InlineData("{\"index\":{\"_index\":\"a\"}}\n{\"any\":1}", "line feed")]
    [InlineData("{\"index\":{\"_index\":\"a\"}}\n", "without the document")]
    public void Actions_of_a_bulk_are_checked_line_by_line(string body, string? expected) =>
        AssertFound(expected, ApiDescription.Required().Check("POST", "_bulk?filter_path=errors", Encoding.UTF8.GetBytes(body), lines: true));

    private static void AssertFound(string? expected, string? wrong)
    {
        if (expected is null)
        {
            Assert.Null(wrong);
        }
        else
        {
            Assert.Contains(expected, wrong ?? "nothing wrong", StringComparison.Ordinal);
        }
    }
}
