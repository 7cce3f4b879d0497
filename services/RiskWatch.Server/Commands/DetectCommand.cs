using System.CommandLine;
using System.Globalization;
using RiskWatch.Alerting.Detection.Metrics;

namespace RiskWatch.Server.Commands;

/// <summary><c>detect</c>: a real-valued time series (CSV <c>timestamp,value</c>) → the same rows with an anomaly score, in NAB's results format.</summary>
internal static class DetectCommand
{
    private static readonly Argument<FileInfo?> Series = new("FILE") { Description = "CSV with the columns timestamp and value; standard input without it", Arity = ArgumentArity.ZeroOrOne };

    public static Command Create()
    {
        var command = new Command("detect", "Anomaly scores (0 to 1) of a time series of any numbers, row by row, by what came before; rows that cannot be judged score 0 and are counted on standard error") { Series };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var input = parse.GetValue(Series) is { } file ? new StreamReader(file.FullName) : new StreamReader(Console.OpenStandardInput());
        await using var output = new StreamWriter(Console.OpenStandardOutput());
        var seen = await ScoreAsync(input, output, cancel);
        await Console.Error.WriteLineAsync(seen.ToString());
        return 0;
    }

    /// <summary>Scores what <paramref name="input"/> holds; says what it saw.</summary>
    /// <exception cref="UsageException">The first row names no columns timestamp and value.</exception>
    internal static async Task<DetectSummary> ScoreAsync(TextReader input, TextWriter output, CancellationToken cancel)
    {
        var columns = (await input.ReadLineAsync(cancel) ?? "").TrimStart('\uFEFF').Split(',').Select(c => c.Trim()).ToList();
        var (timeAt, valueAt) = (columns.IndexOf("timestamp"), columns.IndexOf("value"));
        if (timeAt < 0 || valueAt < 0)
        {
            throw new UsageException("detect reads CSV whose first row names the columns timestamp and value.");
        }

        await output.WriteLineAsync("timestamp,value,anomaly_score");
        var detector = new MetricDetector();
        var seen = new DetectSummary();
        while (await input.ReadLineAsync(cancel) is { } line)
        {
            if (line.Length > 0)
            {
                var cells = line.Split(',');
                var (time, value) = (cells.ElementAtOrDefault(timeAt)?.Trim() ?? "", cells.ElementAtOrDefault(valueAt)?.Trim() ?? "");
                var score = Score(detector, time, value, seen);
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{time},{value},{Math.Round(score, 6)}"));
            }
        }

        return seen;
    }

    private static double Score(MetricDetector detector, string time, string value, DetectSummary seen)
    {
        seen.Rows++;
        if (!DateTime.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var at))
        {
            seen.WithoutTime++;
            return 0;
        }

        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            seen.WithoutNumber++;
            return 0;
        }

        seen.BackwardJumps += at < seen.Last ? 1 : 0;
        seen.Last = at;
        var score = detector.Score(at, number);
        seen.Alarms += MetricDetector.IsAlarm(score) ? 1 : 0;
        return score;
    }
}

/// <summary>What <c>detect</c> saw.</summary>
internal sealed class DetectSummary
{
    public long Rows { get; set; }

    public long Alarms { get; set; }

    public long WithoutTime { get; set; }

    public long WithoutNumber { get; set; }

    public long BackwardJumps { get; set; }

    public DateTime Last { get; set; }

    /// <summary>One line for people: what was found, and what was wrong with the input and what was done about it.</summary>
    public override string ToString() => string.Join("; ", Parts());

    private IEnumerable<string> Parts()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{Rows:N0} rows, {Alarms:N0} alarms");
        if (WithoutTime > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{WithoutTime:N0} without a readable timestamp, scored 0 and not learned");
        }

        if (WithoutNumber > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{WithoutNumber:N0} without a finite number, scored 0 and not learned");
        }

        if (BackwardJumps > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{BackwardJumps:N0} times the clock went back; rows are taken in the order of the file");
        }
    }
}
