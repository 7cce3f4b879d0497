using RiskWatch.Core.Ingest;
using RiskWatch.Ingestion.Edge;
using RiskWatch.Ingestion.Mappings;
using RiskWatch.Ingestion.Replay;
using Xunit;

namespace RiskWatch.Tests.Ingestion;

/// <summary>Rows that are dated by another file's rows.</summary>
public sealed class JoinTests : IDisposable
{
    private const string Posts = """
        {"id":"a","text":"one","time_epoch":1347334462}
        {"id":"b","text":"two","time_epoch":1347334400}

        """;

    private const string Reposts = "id\tseconds_since_post\ttext\na\t90\t转发\nb\t30\t真的吗\nc\t5\tx\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reposts_are_dated_by_their_posts_in_whatever_order_the_files_come(bool postsFirst)
    {
        var (posts, reposts) = (_folder.Write("posts.jsonl", Posts), _folder.Write("reposts.tsv", Reposts));

        var rows = Rows(postsFirst ? [posts, reposts] : [reposts, posts]);

        Assert.Equal(
            [("b", "two", null, 400), ("b-3", "真的吗", "b", 430), ("a", "one", null, 462), ("a-2", "转发", "a", 552)],
            rows.Where(r => r.Refusal is null).Select(r => (r.Id, r.Text, r.RepostOf, r.Second)));
    }

    [Fact]
    public void A_repost_without_its_post_is_refused_and_says_why()
    {
        var rows = Rows([_folder.Write("posts.jsonl", Posts), _folder.Write("reposts.tsv", Reposts)]);

        Assert.Contains("not among the files", Assert.Single(rows, r => r.Refusal is not null).Refusal!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_a_join_needs_the_join()
    {
        var error = Assert.Throws<IngestionConfigurationException>(() => MappingReader.Read(
            """{"name":"m","kind":"post","fields":{"id":"{i}","source":"s","text":"{t}","published":{"template":"{@joined}","format":"epochSeconds"}}}""", "m.json"));

        Assert.Contains("join is missing", error.Message, StringComparison.Ordinal);
    }

    private List<(string? Id, string? Text, string? RepostOf, int Second, Refusal? Refusal)> Rows(string[] files)
    {
        var plan = ReplayPlan.Make(ReplayRequest.Of(files, "ced-reposts", null, _folder.Path), 1_000_000, TestContext.Current.CancellationToken);
        using var rows = plan.Open(TestContext.Current.CancellationToken);
        var found = new List<(string?, string?, string?, int, Refusal?)>();
        var raw = new RawRecord();
        while (rows.Read())
        {
            var refusal = rows.Map(raw);
            found.Add((raw.Id, raw.Text, raw.RepostOf, (int)((raw.Published?.ToUnixTimeSeconds() ?? 1347334000) - 1347334000), refusal));
        }

        return found;
    }
}
