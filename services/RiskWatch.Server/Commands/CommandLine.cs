using System.CommandLine;
using Microsoft.Extensions.Options;
using RiskWatch.Classification.Models;
using RiskWatch.Core.Ingest;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Commands;

/// <summary>The command line (DESIGN §5): data on standard output, everything else on standard error; exit 0 success, 1 failure, 2 wrong usage.</summary>
internal static class CommandLine
{
    private const int Failure = 1;
    private const int WrongUsage = 2;

    // More than the host's own 30 s: by default the process would end two seconds after SIGTERM, in the middle of leaving its groups.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(40);

    /// <summary>Runs what the arguments say; what went wrong is told on <paramref name="errors"/>, by default standard error.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter? errors = null)
    {
        errors ??= Console.Error;
        var root = Build();
        var parse = root.Parse(args);
        if (parse.Errors.Count > 0)
        {
            foreach (var error in parse.Errors)
            {
                await errors.WriteLineAsync("error: " + error.Message);
            }

            await errors.WriteLineAsync($"Try: riskwatch {parse.CommandResult.Command.Name} --help".Replace("riskwatch riskwatch", "riskwatch", StringComparison.Ordinal));
            return WrongUsage;
        }

        try
        {
            return await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopPatience });
        }
        catch (UsageException e)
        {
            await errors.WriteLineAsync("error: " + e.Message);
            return WrongUsage;
        }
        catch (OperationCanceledException)
        {
            return Failure;
        }
        catch (Exception e) when (Expected(e) is { } message)
        {
            await errors.WriteLineAsync("error: " + OneLine(message));
            return Failure;
        }
#pragma warning disable CA1031 // The last resort: a bug shows its stack and ends with the exit code of failures, not with a core dump.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await errors.WriteLineAsync("error: an error of RiskWatch itself, please report it: " + e);
            return Failure;
        }
    }

    /// <summary>Messages made for people; anything else is a bug and shows its stack.</summary>
    internal static string? Expected(Exception e) => e switch
    {
        ConfigurationException or LogConfigurationException or StoreConfigurationException or IngestionConfigurationException or ModelFileException => e.Message,
        TransientLogException or TransientStoreException or OptionsValidationException or UnauthorizedAccessException => e.Message,
        PipelineFailedException { InnerException: { } inner } => Expected(inner),
        FileNotFoundException { FileName: { } file } => $"{file} does not exist.",
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } => $"{e.Message} Choose another with --urls, or end what listens there.",
        IOException or InvalidDataException => e.Message,
        AggregateException { InnerExceptions.Count: 1 } aggregate => Expected(aggregate.InnerExceptions[0]),
        _ => null,
    };

    private static string OneLine(string message) => string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static RootCommand Build()
    {
        var root = new RootCommand("RiskWatch: public posts and citizen-hotline records in, early warnings of social risk out. Without a verb it does what 'run' does.");
        foreach (var option in CommonOptions.All)
        {
            root.Options.Add(option);
        }

        var run = RunCommand.Create();
        foreach (var option in run.Options)
        {
            root.Options.Add(option);
        }

        root.SetAction(RunCommand.RunAsync);
        Command[] verbs = [run, DemoCommand.Create(), ReplayCommand.Create(), ScoreCommand.Create(), ModelCommands.Train(), ModelCommands.Evaluate(), BenchCommand.Create(), DetectCommand.Create(),
            ControlCommands.Rules(), ControlCommands.Silences(), ControlCommands.Sites(), ControlCommands.Sources(), ClaimCommands.Create(), LabelsCommand.Create(), AlertsCommand.Create(), TermsCommand.Create(), DeadLetterCommand.Create(), HealthCommand.Create(), MigrateCommand.Create(), BacktestCommand.Create(), ExplainCommand.Create()];
        foreach (var verb in verbs)
        {
            root.Subcommands.Add(verb);
        }

        return root;
    }
}

/// <summary>The command line cannot be meant like that; exit 2.</summary>
internal sealed class UsageException : Exception
{
    public UsageException(string message)
        : base(message)
    {
    }
}
