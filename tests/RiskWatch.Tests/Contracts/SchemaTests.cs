using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
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
    public void What_a_constructor_asks_for_is_written_even_when_it_is_null()
    {
        // Nulls are left out, and a constructor's parameters are required: together they would make an entry that cannot be read again.
        var missing = typeof(Record).Assembly.GetTypes().Where(t => t is { IsPublic: true, IsClass: true })
            .SelectMany(t => t.GetConstructors().SelectMany(c => c.GetParameters()).Where(p => !p.HasDefaultValue).Select(p => (Type: t, Parameter: p, Property: t.GetProperty(p.Name!))))
            .Where(x => x.Property is not null && MayBeNull(x.Parameter) && x.Property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition != JsonIgnoreCondition.Never)
            .Select(x => $"{x.Type.Name}.{x.Property!.Name}");

        Assert.Empty(missing);

        static bool MayBeNull(ParameterInfo p) => Nullable.GetUnderlyingType(p.ParameterType) is not null
            || (!p.ParameterType.IsValueType && new NullabilityInfoContext().Create(p).WriteState == NullabilityState.Nullable);
    }

    [Fact]
    public void What_an_entry_leaves_out_keeps_its_default()
    {
        // The source-generated reader would set a left-out init-only property to null, zero or false.
        var rule = JsonSerializer.Deserialize("""{"id": "a", "names": {"zh": "a", "en": "a"}, "levels": []}""", ContractsJson.Default.Rule)!;
        var record = JsonSerializer.Deserialize("""{"id": "1", "source": "a", "published": "2021-07-20T08:51:00+08:00"}""", ContractsJson.Default.Record)!;

        Assert.True(rule.Enabled);
        Assert.Equal(12, rule.RefractoryHours);
        Assert.Null(rule.Selector.Topic);
        Assert.Equal("", record.Text);
        var initOnly = typeof(Record).Assembly.GetTypes().Where(t => t is { IsPublic: true, IsClass: true } && t.GetConstructor([]) is not null)
            .SelectMany(t => t.GetProperties().Where(p => p.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Length > 0 && p.GetCustomAttribute<System.Runtime.CompilerServices.RequiredMemberAttribute>() is null)
                .Where(p => p.GetValue(Activator.CreateInstance(t)) is { } value && !value.Equals(p.PropertyType.IsValueType ? Activator.CreateInstance(p.PropertyType) : null))
                .Select(p => $"{t.Name}.{p.Name}"));
        Assert.Empty(initOnly);
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
