using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RiskWatch.Core.Ingest;
using RiskWatch.Ingestion.Mappings;
using RiskWatch.Ingestion.Reading;

namespace RiskWatch.Ingestion.Replay;

/// <summary>
/// What a first pass over the inputs found out (LOG §9): which are in order, which sources they hold, how many rows. The same files and mappings give the
/// same plan, whatever they are called and wherever they lie.
/// </summary>
internal sealed class ReplayPlan
{
    private const int EndsHashed = 1024 * 1024;
    private const int MostSources = 10_000;

    private readonly ReplayRequest _request;
    private readonly Mapping?[] _mappings;
    private readonly bool[] _sorted;
    private readonly Dictionary<Mapping, JoinedRows> _joined = [];
    private readonly int _longestRecord;

    private ReplayPlan(ReplayRequest request, Mapping?[] mappings, int longestRecord)
    {
        _request = request;
        _mappings = mappings;
        _longestRecord = longestRecord;
        _sorted = new bool[request.Files.Count];
    }

    /// <summary>Rows in all.</summary>
    public long Rows { get; private set; }

    /// <summary>Sources that the rows name, in order of name, each with the merged times of its first and its last row.</summary>
    public IReadOnlyDictionary<string, SourceSpan> Sources { get; private set; } = new Dictionary<string, SourceSpan>();

    /// <summary>Hash over the inputs' contents, mappings and site; a cursor of another plan is not continued.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Secret that pseudonyms derive from.</summary>
    public required byte[] Seed { get; init; }

    /// <summary>Makes a plan; reads every input once.</summary>
    /// <exception cref="IngestionConfigurationException">A file or mapping is not usable.</exception>
    public static ReplayPlan Make(ReplayRequest request, int longestRecord, CancellationToken cancel)
    {
        if (request.Files.Count == 0)
        {
            throw new IngestionConfigurationException("A replay needs at least one file.");
        }

        // Files of one mapping share what it remembers of things seen.
        var found = request.Files.Select(f => f.Mapping).OfType<string>().Distinct(StringComparer.Ordinal).ToDictionary(name => name, BuiltInMappings.Find, StringComparer.Ordinal);
        var mappings = request.Files.Select(f => f.Mapping is null ? null : found[f.Mapping]).ToArray();
        var seed = Seeded(request, mappings);
        var plan = new ReplayPlan(request, mappings, longestRecord) { Seed = seed, Fingerprint = Convert.ToHexStringLower(SHA256.HashData(seed))[..32] };
        plan.Join(cancel);
        plan.Look(cancel);
        return plan;
    }

    /// <summary>All rows, merged by time, then file, then line.</summary>
    public MergedRows Open(CancellationToken cancel)
    {
        var memories = new Dictionary<Mapping, FirstSeen>();
        var streams = new List<FileRows>();
        try
        {
            for (var i = 0; i < _request.Files.Count; i++)
            {
                var reader = Reader(i, memories);
                streams.Add(_sorted[i] ? FileRows.InOrder(reader, _mappings[i]) : FileRows.Sorted(reader, _mappings[i], _request.WorkFolder, cancel));
            }

            return new MergedRows(streams, remembers: memories.Count > 0);
        }
        catch
        {
            streams.ForEach(s => s.Dispose());
            throw;
        }
    }

    // Rows may refer to those of any file, so all are known before the first is dated.
    private void Join(CancellationToken cancel)
    {
        for (var i = 0; i < _request.Files.Count; i++)
        {
            if (_mappings[i] is not { Join: not null } mapping)
            {
                continue;
            }

            if (!_joined.TryGetValue(mapping, out var joined))
            {
                _joined[mapping] = joined = new JoinedRows();
            }

            using var reader = Reader(i, []);
            while (reader.Read())
            {
                cancel.ThrowIfCancellationRequested();
                if (reader.Line.Fault == LineFault.None)
                {
                    reader.Mapper!.Remember(reader.Line.Bytes, joined);
                }
            }
        }
    }

    private void Look(CancellationToken cancel)
    {
        var sources = new SortedDictionary<string, SourceSpan>(StringComparer.Ordinal);
        for (var i = 0; i < _request.Files.Count; i++)
        {
            using var reader = Reader(i, []);
            _sorted[i] = true;
            var last = DateTimeOffset.MinValue;
            while (reader.Read())
            {
                cancel.ThrowIfCancellationRequested();
                Rows++;
                var (time, source) = reader.Peek();
                if (time is { } at && source is { Length: > 0 and <= 64 })
                {
                    var held = sources.GetValueOrDefault(source, new SourceSpan(at, at));
                    sources[source] = new SourceSpan(held.First < at ? held.First : at, held.Last > at ? held.Last : at);
                }

                if (sources.Count > MostSources)
                {
                    throw new IngestionConfigurationException($"The input names more than {MostSources} sources: 'source' must name where records come from, not who wrote them.");
                }

                if (time < last)
                {
                    _sorted[i] = false;
                }

                last = time ?? last;
            }
        }

        Sources = sources;
    }

    private InputReader Reader(int index, Dictionary<Mapping, FirstSeen> memories)
    {
        var mapping = _mappings[index];
        FirstSeen? memory = null;
        if (mapping is not null && !memories.TryGetValue(mapping, out memory) && RowMapper.MemoryFor(mapping) is { } made)
        {
            memories[mapping] = memory = made;
        }

        return new InputReader(_request.Files[index].File, mapping, memory, _longestRecord, mapping is null ? null : _joined.GetValueOrDefault(mapping));
    }

    // Both ends and the length of each file stand for the whole: reading gigabytes once more only for a seed would double the start.
    private static byte[] Seeded(ReplayRequest request, Mapping?[] mappings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var part = new byte[EndsHashed];
        for (var i = 0; i < request.Files.Count; i++)
        {
            try
            {
                using var file = new FileStream(request.Files[i].File, FileMode.Open, FileAccess.Read, FileShare.Read);
                hash.AppendData(Encoding.UTF8.GetBytes(file.Length.ToString(CultureInfo.InvariantCulture) + "\n" + mappings[i]?.Json + "\n"));
                hash.AppendData(part, 0, file.ReadAtLeast(part, part.Length, throwOnEndOfStream: false));
                file.Position = Math.Max(0, file.Length - EndsHashed);
                hash.AppendData(part, 0, file.ReadAtLeast(part, part.Length, throwOnEndOfStream: false));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new IngestionConfigurationException($"The input {request.Files[i].File} cannot be read: {e.Message}", e);
            }
        }

        hash.AppendData(Encoding.UTF8.GetBytes(request.Site ?? ""));
        return hash.GetHashAndReset();
    }
}

/// <summary>From a source's first row to its last, in merged time.</summary>
internal readonly record struct SourceSpan(DateTimeOffset First, DateTimeOffset Last);
