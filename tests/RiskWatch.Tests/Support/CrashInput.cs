using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using RiskWatch.Ingestion.Mappings;
using RiskWatch.Ingestion.Reading;

namespace RiskWatch.Tests.Support;

/// <summary>A file of real Boston 311 rows: the bundled ones, and for longer files the same rows again under other ids, some of them moved by days, so that there is more to come.</summary>
internal static class CrashInput
{
    private const string TimeText = "yyyy-MM-dd HH:mm:ss";

    /// <summary>Id of the row that <see cref="WithLetter"/> adds.</summary>
    public const string EarlyId = "900000000001";

    /// <summary>
    /// Adds a row that says it was updated a day before it was published, so that it becomes a dead letter from the future, which a retry, received now,
    /// takes; and writes the mapping that reads that column.
    /// </summary>
    /// <returns>The mapping file.</returns>
    public static string WithLetter(string path)
    {
        var lines = File.ReadAllLines(path);
        var columns = RowMapper.Columns(Encoding.UTF8.GetBytes(lines[0]), InputFormat.Csv);
        // Behind the first rows, so that the clock has begun.
        var model = RowMapper.Columns(Encoding.UTF8.GetBytes(lines[20]), InputFormat.Csv);
        var opened = DateTime.Parse(model[Index(columns, "open_dt")], CultureInfo.InvariantCulture);
        var early = columns.Select((column, i) => column switch
        {
            "case_enquiry_id" => EarlyId,
            "open_dt" => opened.AddDays(1).ToString(TimeText, CultureInfo.InvariantCulture),
            _ => $"\"{model[i].Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        }).Append(opened.ToString(TimeText, CultureInfo.InvariantCulture));
        File.WriteAllLines(path, [lines[0] + ",updated_dt", string.Join(',', early), .. lines.Skip(1).Select(line => line + ",")]);

        using var resource = typeof(BuiltInMappings).Assembly.GetManifestResourceStream(typeof(BuiltInMappings).Assembly.GetManifestResourceNames().Single(n => n.EndsWith("boston-311.json", StringComparison.Ordinal)))!;
        var mapping = JsonNode.Parse(resource)!;
        mapping["fields"]!["updated"] = JsonNode.Parse($$"""{ "template": "{updated_dt?}", "format": "{{TimeText}}", "zone": "America/New_York" }""");
        var file = Path.ChangeExtension(path, ".mapping.json");
        File.WriteAllText(file, mapping.ToJsonString());
        return file;
    }

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

    private static int Index(IReadOnlyList<string> columns, string name) => columns.ToList().IndexOf(name);
}
