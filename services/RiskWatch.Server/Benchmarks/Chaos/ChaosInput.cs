using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using RiskWatch.Ingestion.Mappings;
using RiskWatch.Ingestion.Reading;

namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>A file of real Boston 311 rows: the bundled ones, and for longer files the same rows again under other ids.</summary>
internal static class ChaosInput
{
    private const string TimeText = "yyyy-MM-dd HH:mm:ss";
    private const long FirstEarlyId = 900000000001;

    /// <summary>Id of a row that <see cref="WithLetters"/> adds, from 0.</summary>
    public static string EarlyId(int letter) => (FirstEarlyId + letter).ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Adds rows that say they were updated a day before they were published, so that they become dead letters from the future, which a retry, received
    /// now, takes; and writes the mapping that reads that column.
    /// </summary>
    /// <returns>The mapping file.</returns>
    public static string WithLetters(string path, int letters = 1)
    {
        var lines = File.ReadAllLines(path);
        var columns = RowMapper.Columns(Encoding.UTF8.GetBytes(lines[0]), InputFormat.Csv);
        var early = Enumerable.Range(0, letters).Select(letter => Early(letter, columns, lines, letters));
        File.WriteAllLines(path, [lines[0] + ",updated_dt", .. early, .. lines.Skip(1).Select(line => line + ",")]);

        using var resource = typeof(BuiltInMappings).Assembly.GetManifestResourceStream(typeof(BuiltInMappings).Assembly.GetManifestResourceNames().Single(n => n.EndsWith("boston-311.json", StringComparison.Ordinal)))!;
        var mapping = JsonNode.Parse(resource)!;
        mapping["fields"]!["updated"] = JsonNode.Parse($$"""{ "template": "{updated_dt?}", "format": "{{TimeText}}", "zone": "America/New_York" }""");
        var file = Path.ChangeExtension(path, ".mapping.json");
        File.WriteAllText(file, mapping.ToJsonString());
        return file;
    }

    /// <summary>Writes so many rows, and one that is none.</summary>
    public static string Write(string path, int records)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Demo", "boston-311.csv.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var header = reader.ReadLine()!;
        var rows = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var first = Math.Max(0, rows.Length - records);
        using var output = new StreamWriter(path, append: false, new UTF8Encoding(false));
        output.WriteLine(header);
        output.WriteLine("not-a-row,yesterday" + new string(',', header.Count(c => c == ',') - 1));
        var copies = (int)Math.Ceiling((double)records / (rows.Length - first));
        var written = 0;
        foreach (var row in rows.Skip(first))
        {
            for (var copy = 0; copy < copies && written < records; copy++, written++)
            {
                output.WriteLine(copy == 0 ? row : string.Create(CultureInfo.InvariantCulture, $"{copy}9{row}"));
            }
        }

        return path;
    }

    // Behind the first rows, so that the clock has begun; the others spread over the first half.
    private static string Early(int letter, IReadOnlyList<string> columns, string[] lines, int letters)
    {
        var model = RowMapper.Columns(Encoding.UTF8.GetBytes(lines[20 + (letter * (lines.Length - 20) / 2 / letters)]), InputFormat.Csv);
        var opened = DateTime.Parse(model[columns.ToList().IndexOf("open_dt")], CultureInfo.InvariantCulture);
        return string.Join(',', columns.Select((column, i) => column switch
        {
            "case_enquiry_id" => EarlyId(letter),
            "open_dt" => opened.AddDays(1).ToString(TimeText, CultureInfo.InvariantCulture),
            _ => $"\"{model[i].Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        }).Append(opened.ToString(TimeText, CultureInfo.InvariantCulture)));
    }
}
