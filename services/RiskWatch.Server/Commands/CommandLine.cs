using System.CommandLine;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Commands;

/// <summary>The command line (DESIGN §5): data on standard output, everything else on standard error; exit 0 success, 1 failure, 2 wrong usage.</summary>
internal static class CommandLine
{
    private const int Failure = 1;
    private const int WrongUsage = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = Build();
        var parse = root.Parse(args);
        if (parse.Errors.Count > 0)
        {
            foreach (var error in parse.Errors)
            {
                await Console.Error.WriteLineAsync("error: " + error.Message);
            }

            await Console.Error.WriteLineAsync($"Try: riskwatch {parse.CommandResult.Command.Name} --help".Replace("riskwatch riskwatch", "riskwatch", StringComparison.Ordinal));
            return WrongUsage;
        }

        try
        {
            return await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (UsageException e)
        {
            await Console.Error.WriteLineAsync("error: " + e.Message);
            return WrongUsage;
        }
        catch (OperationCanceledException)
        {
            return Failure;
        }
        catch (Exception e) when (Expected(e) is { } message)
        {
            await Console.Error.WriteLineAsync("error: " + message);
            return Failure;
        }
    }

    /// <summary>Messages made for people; anything else is a bug and shows its stack.</summary>
    internal static string? Expected(Exception e) => e switch
    {
        ConfigurationException or LogConfigurationException or StoreConfigurationException or TransientLogException or TransientStoreException => e.Message,
        FileNotFoundException file => $"{file.FileName ?? file.Message} does not exist.",
        UnauthorizedAccessException or DirectoryNotFoundException => e.Message,
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } => $"{e.Message} Choose another with --urls, or end what listens there.",
        AggregateException { InnerExceptions.Count: 1 } inner => Expected(inner.InnerExceptions[0]),
        _ => null,
    };

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
        Command[] verbs = [run, DemoCommand.Create(), ReplayCommand.Create(), ScoreCommand.Create(), ModelCommands.Train(), ModelCommands.Evaluate(), BenchCommand.Create(),
            ControlCommands.Rules(), ControlCommands.Silences(), AlertsCommand.Create(), DeadLetterCommand.Create()];
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
