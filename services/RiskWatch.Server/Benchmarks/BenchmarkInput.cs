using System.IO.Compression;
using System.Text;
using System.Text.Json;
using RiskWatch.Contracts;

namespace RiskWatch.Server.Benchmarks;

/// <summary>Records made from the bundled hot-search titles: three neighbouring titles a post, evenly spread over event time, laps over the titles as long as needed.</summary>
internal static class BenchmarkInput
{
    private static readonly DateTimeOffset Start = new(2021, 7, 1, 0, 0, 0, TimeSpan.FromHours(8));

    /// <summary>Texts of real rows; at most <paramref name="count"/>, fewer where there are not so many.</summary>
    public static List<string> Titles(int count)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Demo", "weibo-hotsearch.tsv.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var titles = new List<string>();
        reader.ReadLine();
        while (titles.Count < count && reader.ReadLine() is { } line)
        {
            titles.Add(line[(line.LastIndexOf('\t') + 1)..]);
        }

        return titles;
    }

    /// <summary>Writes NDJSON, <paramref name="perMinute"/> records a minute of event time; the mean length of the texts in characters.</summary>
    public static double Write(string path, int records, int perMinute)
    {
        var titles = Titles(int.MaxValue);
        using var output = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        long characters = 0;
        for (var i = 0; i < records; i++)
        {
            var text = $"{titles[i % titles.Count]}，{titles[(i + 1) % titles.Count]}。{titles[(i + (i / titles.Count) + 2) % titles.Count]}";
            characters += text.Length;
            output.WriteLine(JsonSerializer.Serialize(
                new Record { Id = $"bench{i}", Source = "weibo-hotsearch", Published = Start.AddTicks(TimeSpan.TicksPerMinute * i / perMinute), Text = text, Author = $"author{i % 9973}" }, ContractsJson.Default.Record));
        }

        return (double)characters / records;
    }
}
