using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using RiskWatch.Core.Sketches;

namespace RiskWatch.Tests.Support;

/// <summary>A small site for alerting scenarios: two districts, three topics, a calm baseline, and a clock that says how far its records are in.</summary>
internal sealed class Town
{
    public const string Site = "town";
    public const string North = "town/north";
    public const string Mill = "town/north/mill";
    public const string South = "town/south";

    private readonly List<(long Minute, LogOutput Entry, int Partition)> _entries = [];
    private int _records;

    /// <summary>Day 0, 00:00 UTC.</summary>
    public static DateTimeOffset Start { get; } = new(2024, 3, 4, 0, 0, 0, TimeSpan.Zero);

    public static Gazetteer Places { get; } = new(
    [
        new GazetteerPlace("town", null, new BilingualText("镇", "Town")),
        new GazetteerPlace(North, "town", new BilingualText("北区", "North")),
        new GazetteerPlace(Mill, North, new BilingualText("磨坊", "Mill")),
        new GazetteerPlace(South, "town", new BilingualText("南区", "South")),
    ]);

    public static Site Definition { get; } = new()
    {
        Id = Site,
        Names = new BilingualText("镇", "Town"),
        TimeZone = "Etc/UTC",
        GazetteerRoot = "town",
        Sources = ["wire", "post"],
        Categories =
        [
            new CategoryTopic(null, "danger", "danger", new BilingualText("险情", "Danger")),
            new CategoryTopic(null, "fire", "fire", new BilingualText("火灾", "Fire"), "danger"),
            new CategoryTopic(null, "flood", "flood", new BilingualText("洪水", "Flood"), "danger"),
            new CategoryTopic(null, "noise", "noise", new BilingualText("噪声", "Noise")),
        ],
    };

    public static Rule Surge { get; } = BuiltInControl.Entries.Single(e => e.EntityId == "surge").Rule!;

    /// <summary>Control as it comes: the site, its sources and the built-in rules.</summary>
    public static ControlEntry[] Control(Site? site = null, params IEnumerable<ControlEntry> more) =>
    [
        Entry(ControlKind.Site, Site) with { Site = site ?? Definition },
        Entry(ControlKind.Source, "wire") with { Source = new SourceDefinition("wire", Site, "push", KnowsAuthors: false) },
        Entry(ControlKind.Source, "post") with { Source = new SourceDefinition("post", Site, "push") },
        .. BuiltInControl.Entries.Where(e => e.Kind == ControlKind.Rule),
        .. more,
    ];

    public static ControlEntry Entry(ControlKind kind, string id, int version = 1, DateTimeOffset? from = null) =>
        new() { Kind = kind, EntityId = id, Version = version, Author = "somebody", EffectiveFrom = from ?? DateTimeOffset.MinValue };

    public static ControlEntry RuleEntry(Rule rule, int version = 1, DateTimeOffset? from = null) => Entry(ControlKind.Rule, rule.Id, version, from) with { Rule = rule };

    public static AlertingRun Run(ListedControl? control = null, int recordsPartitions = 1, int talliesPartitions = 1, RiskWatch.Alerting.AlertingOptions? options = null) =>
        new(control ?? new ListedControl(Control()), recordsPartitions, talliesPartitions, Places, options: options);

    /// <summary>Minute of a day (0 …) and time.</summary>
    public static long At(int day, string time)
    {
        var parts = time.Split(':');
        return (Start.ToUnixTimeSeconds() / 60) + (day * 1440) + (int.Parse(parts[0], null) * 60) + int.Parse(parts[1], null);
    }

    public static DateTimeOffset Time(int day, string time) => DateTimeOffset.FromUnixTimeSeconds(At(day, time) * 60);

    /// <summary>Some fires in the north and some noise in the south, every day from day 0.</summary>
    public Town Calm(int days)
    {
        for (var day = 0; day < days; day++)
        {
            Hotline(day, "10:05", "fire", North).Hotline(day, "14:20", "noise", South).Hotline(day, "16:40", "noise", South);
            if (day % 2 == 0)
            {
                Hotline(day, "17:30", "fire", North);
            }
        }

        return this;
    }

    /// <summary>Hotline records of one minute.</summary>
    public Town Hotline(int day, string time, string topic, string place, int count = 1) => Add(At(day, time), topic, place, count, post: false, i => i);

    /// <summary>Posts of one minute, from so many authors, each with a text of its own.</summary>
    public Town Posts(int day, string time, string topic, string place, int count, int authors = int.MaxValue, int texts = int.MaxValue) =>
        Add(At(day, time), topic, place, count, post: true, i => i % authors, texts);

    /// <summary>One hotline record a minute, so many.</summary>
    public Town Rush(int day, string time, string topic, string place, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Add(At(day, time) + i, topic, place, 1, post: false, _ => 0);
        }

        return this;
    }

    /// <summary>Tallies and clocks in order, up to and including the tick <paramref name="until"/>; each records partition says its clock each minute something happens and at the end.</summary>
    public List<LogOutput> Entries(long until, int recordsPartitions = 1, long controlOffset = -1, Random? interleave = null, long from = long.MinValue)
    {
        var offset = controlOffset >= 0 ? controlOffset : Control().Length - 1;
        var streams = new List<Queue<LogOutput>>();
        for (var p = 0; p < recordsPartitions; p++)
        {
            var stream = new Queue<LogOutput>();
            var minutes = _entries.Where(e => e.Minute <= until && e.Minute >= from).ToLookup(e => e.Minute);
            foreach (var minute in minutes.Select(m => m.Key).Order())
            {
                stream.Enqueue(RiskWatch.Core.Log.Entries.Of(new Clock(Site, p, minute, offset)));
                foreach (var entry in minutes[minute].Where(e => e.Partition % recordsPartitions == p))
                {
                    stream.Enqueue(entry.Entry);
                }
            }

            stream.Enqueue(RiskWatch.Core.Log.Entries.Of(new Clock(Site, p, until + 1, offset)));
            streams.Add(stream);
        }

        var merged = new List<LogOutput>();
        for (var turn = 0; streams.Any(s => s.Count > 0); turn++)
        {
            var stream = streams[interleave?.Next(streams.Count) ?? turn % streams.Count];
            if (stream.TryDequeue(out var entry))
            {
                merged.Add(entry);
            }
        }

        return merged;
    }

    /// <summary>Through detection and warning up to and including a tick.</summary>
    public AlertingRun Play(long until, ListedControl? control = null, RiskWatch.Alerting.AlertingOptions? options = null)
    {
        control ??= new ListedControl(Control());
        var run = Run(control, options: options);
        run.Batch(Entries(until, controlOffset: control.Offset));
        return run;
    }

    public static Tally Tally(long minute, string topic, string place, bool post = false, string source = "wire", long? stamp = null, int sign = 1, string id = "x", string author = "a", string text = "t") => new()
    {
        Site = Site,
        Topic = topic,
        Place = place,
        Minute = minute,
        Stamp = stamp ?? minute,
        Counts = new TallyCounts { Posts = post ? sign : 0, Hotline = post ? 0 : sign },
        Sources = new Dictionary<string, int> { [source] = sign },
        Authors = [new SketchCell(LinearSketch.Cell(SketchHash.Of(author)), sign)],
        Pairs = post ? [new SketchCell(LinearSketch.Cell(SketchHash.Of(author + "\n" + text)), sign)] : [],
        Exemplars = [new Exemplar(source, id, sign)],
    };

    private Town Add(long minute, string topic, string place, int count, bool post, Func<int, int> author, int texts = int.MaxValue)
    {
        for (var i = 0; i < count; i++)
        {
            var id = "r" + _records++;
            var tally = Tally(minute, topic, place, post, post ? "post" : "wire", id: id, author: post ? "author" + author(i) : id, text: "text" + (texts == int.MaxValue ? _records : i % texts));
            var partition = (int)(SketchHash.OfRecord(tally.Sources.Keys.First(), id) % 840);
            for (var of = topic; of is not null; of = Definition.Categories.SingleOrDefault(c => c.Topic == of)?.Parent)
            {
                _entries.Add((minute, RiskWatch.Core.Log.Entries.Of(tally with { Topic = of }), partition));
            }

            _entries.Add((minute, RiskWatch.Core.Log.Entries.Of(tally with { Topic = "*" }), partition));
        }

        return this;
    }
}
