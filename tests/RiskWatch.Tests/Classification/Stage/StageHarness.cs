using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using RiskWatch.Classification.Claims;
using RiskWatch.Classification;
using RiskWatch.Classification.Stage;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Sketches;
using Xunit;

namespace RiskWatch.Tests.Classification.Stage;

/// <summary>A classification stage with committed state that lives on over restarts, and its outputs read back.</summary>
internal sealed class StageHarness
{
    public static readonly DateTimeOffset Noon = new(2021, 7, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<int, Dictionary<string, ReadOnlyMemory<byte>>> _state = [];
    private readonly ClassificationOptions _options;
    private readonly HeldContributions _held = new();
    private ClassificationStage _stage;
    private long _offset;

    public StageHarness(ClassificationOptions? options = null, ListedControl? control = null, int partitions = 1)
    {
        _options = options ?? new ClassificationOptions();
        Control = control ?? ListedControl.OfSites(Site());
        for (var partition = 0; partition < partitions; partition++)
        {
            _state[partition] = [];
        }

        _stage = NewStage();
    }

    public ListedControl Control { get; }

    public List<LogOutput> Outputs { get; } = [];

    public List<PoisonEntry> Poison { get; } = [];

    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> State => _state[0];

    public long Held => _held.Count;

    public List<ScoredRecord> Scored => Read(EntryTypes.Scored, ContractsJson.Default.ScoredRecord);

    public List<Revision> Revisions => Read(EntryTypes.Revision, ContractsJson.Default.Revision);

    public List<Tally> Tallies => Read(EntryTypes.Tally, ContractsJson.Default.Tally);

    public List<Clock> Clocks => Read(EntryTypes.Clock, ContractsJson.Default.Clock);

    public static Site Site(string id = "china") => new()
    {
        Id = id,
        Names = new BilingualText(id, id),
        TimeZone = "Asia/Shanghai",
        GazetteerRoot = "cn",
        IgnoredChannels = ["employee"],
    };

    public static ControlEntry Entry(Site site, int version = 1) => new()
    {
        Kind = ControlKind.Site,
        EntityId = site.Id,
        Version = version,
        Author = "riskwatch",
        EffectiveFrom = DateTimeOffset.MinValue,
        Site = site,
    };

    public static ControlEntry Entry(SourceDefinition source) => new()
    {
        Kind = ControlKind.Source,
        EntityId = source.Name,
        Version = 1,
        Author = "riskwatch",
        EffectiveFrom = DateTimeOffset.MinValue,
        Source = source,
    };

    /// <summary>A post of the source <c>weibo</c>, published <paramref name="minute"/> minutes after noon and received at once.</summary>
    public static Record Post(string id, string text = "", double minute = 0, string? author = "a") => new()
    {
        Id = id,
        Source = "weibo",
        Site = "china",
        Text = text,
        Author = author,
        Published = Noon.AddMinutes(minute),
        Received = Noon.AddMinutes(minute),
    };

    public static Record Deletion(string id, double minute = 0) => Post(id, "", minute) with { Deleted = true, Author = null };

    public static Mark Mark(double minute, string source = "weibo", bool waited = true, long control = 0, bool ended = false, string site = "china") =>
        new(site, source, Minute(minute), waited, control, ended);

    public static long Minute(double afterNoon) => Noon.AddMinutes(afterNoon).ToUnixTimeSeconds() / 60;

    /// <summary>Handles one batch and commits it. Records, marks, corrections, or whole messages.</summary>
    public StageHarness Batch(params IEnumerable<object> entries) => BatchIn(0, entries);

    public StageHarness BatchIn(int partition, params IEnumerable<object> entries)
    {
        var result = Handle([.. entries.Select(e => Message(e, partition))]);
        Outputs.AddRange(result.Outputs);
        Poison.AddRange(result.Poison);
        foreach (var change in result.StateChanges)
        {
            if (change.Value is { } value)
            {
                _state[change.Partition][change.Key] = value;
            }
            else
            {
                _state[change.Partition].Remove(change.Key);
            }
        }

        return this;
    }

    /// <summary>Handles one batch and loses it, as a crash before the commit does.</summary>
    public StageHarness CrashIn(params IEnumerable<object> entries)
    {
        Handle([.. entries.Select(e => Message(e, 0))]);
        return Restart();
    }

    public StageHarness Restart()
    {
        foreach (var partition in _state.Keys)
        {
            _stage.Revoke(partition);
        }

        _stage = NewStage();
        return this;
    }

    public StageHarness Forget()
    {
        Outputs.Clear();
        return this;
    }

    /// <summary>Everything tallied so far under a topic, over minutes, places and stamps.</summary>
    public TallyCounts Total(string topic = "*") => Tallies.Where(t => t.Topic == topic).Aggregate(new TallyCounts(), (sum, t) => TallyMerge.Sum(sum, t.Counts));

    public double Authors(string topic = "*") => Estimate(topic, t => t.Authors);

    public double Pairs(string topic = "*") => Estimate(topic, t => t.Pairs);

    /// <summary>The tallies summed per series and minute, without stamps, exemplars and zeros, as comparable lines.</summary>
    public IReadOnlyList<string> Sums() => [.. Tallies
        .GroupBy(t => (t.Site, t.Topic, t.Place, t.Minute))
        .Select(g => g.Aggregate(TallyMerge.Merge))
        .Select(t => t with { Stamp = 0, Exemplars = [], Terms = [.. t.Terms.Where(c => c.Count != 0)] })
        .Where(t => t.Counts != new TallyCounts() || t.Authors.Count + t.Pairs.Count + t.Terms.Count + t.Sources.Count > 0)
        .Select(t => JsonSerializer.Serialize(t, ContractsJson.Default.Tally))
        .Order(StringComparer.Ordinal)];

    /// <summary>The tallies summed per series, minute and stamp, with all that is in them.</summary>
    public IReadOnlyList<string> ExactSums() => [.. Tallies
        .GroupBy(t => (t.Site, t.Topic, t.Place, t.Minute, t.Stamp))
        .Select(g => JsonSerializer.Serialize(g.Aggregate(TallyMerge.Merge), ContractsJson.Default.Tally))
        .Order(StringComparer.Ordinal)];

    public LogMessage Message(object entry, int partition = 0) => entry switch
    {
        LogMessage message => message,
        Record record => Message(Entries.Of(record), partition, record.Received ?? record.Published),
        Mark mark => Message(Entries.Of(mark), partition, DateTimeOffset.FromUnixTimeSeconds(mark.Minute * 60)),
        Correction correction => Message(Entries.Of(correction), partition, correction.At),
        _ => throw new ArgumentOutOfRangeException(nameof(entry)),
    };

    public StageResult Handle(IReadOnlyList<LogMessage> batch)
    {
        var task = _stage.HandleAsync(batch, CancellationToken.None).AsTask();
        Assert.True(task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }

    private LogMessage Message(LogOutput output, int partition, DateTimeOffset at) =>
        new(output.Topic, partition, _offset++, output.Key, output.Type, Schema.Current, output.Value, at);

    private double Estimate(string topic, Func<Tally, IReadOnlyList<SketchCell>> cells)
    {
        var sketch = new LinearSketch();
        foreach (var tally in Tallies.Where(t => t.Topic == topic))
        {
            sketch.Add(cells(tally));
        }

        return Math.Round(sketch.Estimate());
    }

    private ClassificationStage NewStage()
    {
        var stage = new ClassificationStage(new TokenClassifier(), new ClaimBook(new TokenClassifier()), Control, _options, _held, new ClassificationMetrics(_held), NullLogger<ClassificationStage>.Instance);
        foreach (var (partition, state) in _state)
        {
            stage.Assign(new PartitionAssignment(partition, new Dictionary<string, ReadOnlyMemory<byte>>(state)));
        }

        return stage;
    }

    private List<T> Read<T>(string type, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> json) =>
        [.. Outputs.Where(o => o.Type == type).Select(o => JsonSerializer.Deserialize(o.Value!.Value.Span, json)!)];
}

/// <summary>A control table of the given entries, offsets from 0.</summary>
internal sealed class ListedControl : IControlTable
{
    private readonly List<ControlEntry> _entries = [];

    public long Offset => _entries.Count - 1;

    public ControlView Latest => ControlView.Of(_entries);

    public List<long> Asked { get; } = [];

    public static ListedControl OfSites(params Site[] sites)
    {
        var control = new ListedControl();
        control._entries.AddRange(sites.Select(s => StageHarness.Entry(s)));
        return control;
    }

    public long Add(ControlEntry entry)
    {
        _entries.Add(entry);
        return Offset;
    }

    public ValueTask<ControlView> AtAsync(long offset, CancellationToken cancel)
    {
        Asked.Add(offset);
        return new(ControlView.Of(_entries.Take((int)offset + 1)));
    }
}

/// <summary>Assesses by the tokens of the text: <c>p:0.7 negative topic:flood place:cn-41 group:1f term:dam doubts</c>.</summary>
internal sealed class TokenClassifier : IClassifier
{
    public string Version => "tokens";

    public Classified Classify(Record record, Site site, ClaimIndex? claims = null)
    {
        var tokens = record.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var p = Values(tokens, "p:").Select(v => double.Parse(v, CultureInfo.InvariantCulture)).FirstOrDefault(0.01);
        var mood = tokens.Contains("negative") ? Sentiment.Negative : tokens.Contains("positive") ? Sentiment.Positive : Sentiment.Neutral;
        var assessment = new Assessment
        {
            Id = record.Id,
            Language = "en",
            Credibility = new Credibility(p, Band(p)),
            Sentiment = new SentimentAssessment(mood, 0, new SentimentProbabilities(0, 1, 0)),
            Topics = [.. Values(tokens, "topic:").Select(t => new TopicAssessment(t, 0.9))],
            Relevance = new Relevance(1),
            Places = [.. Values(tokens, "place:").Select(c => new PlaceReference(c, c))],
            Group = Values(tokens, "group:").FirstOrDefault() ?? SketchHash.Of(record.Text).ToString("x16", CultureInfo.InvariantCulture),
            ModelVersion = Version,
        };
        return new Classified(assessment, [.. Values(tokens, "term:")], tokens.Contains("doubts"), tokens.Length > 0);
    }

    public ClaimIndex IndexOf(IEnumerable<Claim> claims) => new(claims, null);

    public Credibility WithDoubts(int falseTenThousandths, int doubts)
    {
        var p = Math.Min(1, (falseTenThousandths / 10_000.0) + (0.2 * doubts));
        return new Credibility(p, Band(p));
    }

    private static CredibilityBand Band(double p) => p >= 0.8 ? CredibilityBand.LikelyFalse : p >= 0.4 ? CredibilityBand.Uncertain : CredibilityBand.Credible;

    private static IEnumerable<string> Values(string[] tokens, string prefix) =>
        tokens.Where(t => t.StartsWith(prefix, StringComparison.Ordinal)).Select(t => t[prefix.Length..]);
}
