using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace RiskWatch.Tests.Support;

/// <summary>A file of real Boston 311 rows: the bundled ones, and for longer files the same rows again under other ids, some of them moved by days, so that there is more to come.</summary>
internal static class CrashInput
{
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
}
