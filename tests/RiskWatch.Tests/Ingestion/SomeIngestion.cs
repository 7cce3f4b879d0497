using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Privacy;
using RiskWatch.Core.Status;
using RiskWatch.Ingestion;
using RiskWatch.Ingestion.Edge;
using RiskWatch.Ingestion.Push;
using RiskWatch.Ingestion.Reading;
using RiskWatch.Ingestion.Replay;
using RiskWatch.Tests.Support;

namespace RiskWatch.Tests.Ingestion;

/// <summary>What the tests of ingestion need.</summary>
internal static class SomeIngestion
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    public static AesDeadLetterVault Vault { get; } = new(new byte[32]);

    public static FixedControl Control(params SourceDefinition[] sources) => new(ControlView.Of(
    [
        Site("town", "Europe/Berlin", "news", "wire"),
        Site("boston", "America/New_York", "boston-311"),
        Site("china", "Asia/Shanghai", "weibo-hotsearch", "weibo-hotsearch-hourly"),
        .. sources.Select(s => new ControlEntry { Kind = ControlKind.Source, EntityId = s.Name, Version = 1, Author = "test", EffectiveFrom = DateTimeOffset.MinValue, Source = s }),
    ]));

    public static RecordEdge Edge(params SourceDefinition[] sources) => Edge("seed", sources);

    public static RecordEdge Edge(string seed, params SourceDefinition[] sources) => new(new SourceCatalog(Control(sources)), new Pseudonyms(new DerivedPseudonymSecrets(Encoding.UTF8.GetBytes(seed))));

    public static RawRecord Raw(string id = "1", string text = "The bridge is closed", string source = "news") => new() { Id = id, Source = source, Text = text, Published = Now };

    public static PushReceiver Receiver(CollectingEventLog log, IngestionOptions? options = null, FixedControl? control = null, PushCounters? counters = null) => new(
        log, control ?? Control(), new DerivedPseudonymSecrets([1]), Vault, counters ?? new PushCounters(), new StageMetrics(), new FakeTimeProvider(Now), Options.Create(options ?? new IngestionOptions()), NullLogger<PushReceiver>.Instance);

    public static ReplayWorker Replay(CollectingEventLog log, IngestionOptions? options = null, FixedControl? control = null, ISourceStatusRegistry? statuses = null) => new(
        log, control ?? Control(), Vault, statuses ?? new SourceStatusRegistry(), new StageMetrics(), TimeProvider.System, Options.Create(options ?? new IngestionOptions()), NullLogger<ReplayWorker>.Instance);

    /// <summary>Lines as a splitter gives them, each with its bytes copied.</summary>
    public static List<RawLine> Lines(byte[] input, int limit = 1000, byte? delimiter = null, int chunk = 7)
    {
        var splitter = new LineSplitter(new ChunkedStream(input, chunk), limit, delimiter);
        var lines = new List<RawLine>();
        while (true)
        {
            if (splitter.TryRead(out var line))
            {
                lines.Add(line with { Bytes = line.Bytes.ToArray() });
            }
            else if (!splitter.Fill())
            {
                return lines;
            }
        }
    }

    public static string Text(this RawLine line) => Encoding.UTF8.GetString(line.Bytes.Span);

    private static ControlEntry Site(string id, string zone, params string[] sources) => new()
    {
        Kind = ControlKind.Site,
        EntityId = id,
        Version = 1,
        Author = "test",
        EffectiveFrom = DateTimeOffset.MinValue,
        Site = new Site { Id = id, Names = new(id, id), TimeZone = zone, GazetteerRoot = id, Sources = sources },
    };
}

/// <summary>A control table that does not change.</summary>
internal sealed class FixedControl(ControlView view) : IControlTable
{
    public long Offset => view.Offset;

    public ControlView Latest => view;

    public ValueTask<ControlView> AtAsync(long offset, CancellationToken cancel) => ValueTask.FromResult(view);
}

/// <summary>Gives its bytes in small pieces.</summary>
internal sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
{
    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(chunk, buffer.Length)]);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
}

/// <summary>A folder that goes when the test does.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("riskwatch-test-").FullName;

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
