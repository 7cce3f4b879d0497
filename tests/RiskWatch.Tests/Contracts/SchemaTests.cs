using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using RiskWatch.Contracts;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Contracts;

public sealed class SchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<Type> Contracts() =>
    [
        typeof(Record), typeof(Mark), typeof(Correction), typeof(Assessment), typeof(ScoredRecord), typeof(Revision), typeof(Tally), typeof(Clock),
        typeof(HistoryHour), typeof(Signal), typeof(TickReport), typeof(SiteTick), typeof(AlertAction), typeof(Alert), typeof(ControlEntry),
        typeof(DeadLetter), typeof(DeadLetterResolution), typeof(AuditEntry), typeof(NotificationEntry), typeof(JobRun), typeof(SourceStatus), typeof(SiteStatus),
    ];

    [Theory]
    [MemberData(nameof(Contracts))]
    public void The_schema_of_each_contract_is_the_approved_one(Type contract)
    {
        var schema = ContractsJson.Default.Options.GetJsonSchemaAsNode(contract, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        if (schema is JsonObject node)
        {
            node.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
            node.Insert(1, "title", contract.Name);
        }

        Approved.Matches($"contracts/schemas/{JsonNamingPolicy.KebabCaseLower.ConvertName(contract.Name)}.schema.json", schema.ToJsonString(Indented));
    }

    [Fact]
    public void Every_contract_with_a_schema_file_still_exists()
    {
        var files = Directory.GetFiles(Path.Combine(Approved.Root(), "contracts/schemas"), "*.schema.json").Select(f => Path.GetFileName(f)).Order();
        var names = Contracts().Select(row => JsonNamingPolicy.KebabCaseLower.ConvertName(row.Data.Name) + ".schema.json").Order();

        Assert.Equal(names, files);
    }

    [Fact]
    public void A_record_reads_as_the_design_writes_it()
    {
        const string Text = """
            {"id": "1", "source": "weibo", "kind": "hotline", "published": "2021-07-20T08:51:00+08:00", "text": "积水", "place": {"name": "郑州", "latitude": 34.7, "longitude": 113.6},
             "repostOf": "0", "engagement": {"likes": 1, "reposts": 2, "replies": 3, "heat": 4}, "deleted": false}
            """;

        var record = JsonSerializer.Deserialize(Text, ContractsJson.Default.Record)!;

        Assert.Equal(RecordKind.Hotline, record.Kind);
        Assert.Equal("0", record.RootId);
        Assert.Equal(4, record.Engagement!.Heat);
        Assert.Equal(34.7, record.Place!.Latitude);
    }

    [Theory]
    [InlineData("""{"source":"a","published":"2021-07-20T08:51:00Z"}""", "no id")]
    [InlineData("""{"id":null,"source":"a","published":"2021-07-20T08:51:00Z"}""", "a null id")]
    [InlineData("""{"id":"1","source":"a","published":"2021-07-20T08:51:00Z","kind":"rumour"}""", "an unknown kind")]
    [InlineData("""{"id":"1","source":"a","published":"yesterday"}""", "a time that is none")]
    public void A_record_that_breaks_the_contract_is_refused(string text, string because) =>
        Assert.True(Throws(() => JsonSerializer.Deserialize(text, ContractsJson.Default.Record)), because);

    [Fact]
    public void Words_of_the_design_are_written_as_the_design_spells_them()
    {
        var credibility = JsonSerializer.Serialize(new Credibility(0.9, CredibilityBand.LikelyFalse), ContractsJson.Default.Credibility);
        var threshold = JsonSerializer.Serialize(new LevelThreshold(AlertLevel.IV, 1e-5, 5, 1.5), ContractsJson.Default.LevelThreshold);

        Assert.Contains("\"likely-false\"", credibility, StringComparison.Ordinal);
        Assert.Contains("\"IV\"", threshold, StringComparison.Ordinal);
    }

    private static bool Throws(Action act)
    {
        try
        {
            act();
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }
}
