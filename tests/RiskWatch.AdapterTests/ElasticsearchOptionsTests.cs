using System.ComponentModel.DataAnnotations;
using RiskWatch.Adapters.Elasticsearch;

namespace RiskWatch.AdapterTests;

/// <summary>Options that contradict each other, or name no server, stop the start and name the key.</summary>
public sealed class ElasticsearchOptionsTests
{
    public static TheoryData<ElasticsearchOptions, string> Wrong() => new()
    {
        { new ElasticsearchOptions { Urls = "" }, "Urls" },
        { new ElasticsearchOptions { Urls = "127.0.0.1:9200" }, "Urls" },
        { new ElasticsearchOptions { Urls = "https://user:secret@host:9200" }, "Urls" },
        { new ElasticsearchOptions { ApiKey = "k", Username = "u", Password = "p" }, "Username" },
        { new ElasticsearchOptions { Username = "u" }, "Username" },
        { new ElasticsearchOptions { Urls = "https://a", CaFingerprint = "12:34" }, "CaFingerprint" },
        { new ElasticsearchOptions { CaFingerprint = new string('a', 64) }, "Urls" },
        { new ElasticsearchOptions { Prefix = "Big-Letters" }, "Prefix" },
        { new ElasticsearchOptions { MaxBulkBytes = 1 }, "MaxBulkBytes" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_option_is_named(ElasticsearchOptions options, string key)
    {
        var results = new List<ValidationResult>();

        Assert.False(Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true));
        Assert.Contains(key, results[0].MemberNames);
    }

    [Fact]
    public void The_defaults_and_several_nodes_are_fine()
    {
        var options = new ElasticsearchOptions { Urls = "https://a:9200, https://b:9200/path", CaFingerprint = string.Join(':', Enumerable.Repeat("aB", 32)) };

        Assert.True(Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true));
        Assert.Equal(["https://a:9200/", "https://b:9200/path/"], options.Nodes.Select(n => n.ToString()));
    }
}
