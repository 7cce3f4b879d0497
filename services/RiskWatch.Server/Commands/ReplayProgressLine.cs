using System.Globalization;
using RiskWatch.Ingestion.Replay;
using Spectre.Console;

namespace RiskWatch.Server.Commands;

/// <summary>Progress on standard error: a bar on a terminal, nothing else where there is none.</summary>
internal sealed class ReplayProgressLine
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public async Task<ReplayProgress> RunAsync(Func<Action<ReplayProgress>?, Task<ReplayProgress>> replay)
    {
        if (Console.IsErrorRedirected)
        {
            return await replay(null);
        }

        return await _console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async context =>
        {
            var task = context.AddTask("replay");
            return await replay(progress =>
            {
                task.MaxValue = Math.Max(1, progress.TotalRows);
                task.Value = progress.Rows;
                task.Description = string.Create(CultureInfo.InvariantCulture, $"{progress.Time:yyyy-MM-dd HH:mm}  {progress.Accepted:N0} records");
            });
        });
    }
}
