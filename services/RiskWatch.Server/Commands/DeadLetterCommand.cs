using System.CommandLine;
using System.Text.Json;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;

namespace RiskWatch.Server.Commands;

/// <summary><c>deadletter list | retry | drop</c>.</summary>
internal static class DeadLetterCommand
{
    private static readonly Argument<string[]> Ids = new("ID") { Description = "Ids of dead letters", Arity = ArgumentArity.OneOrMore };

    public static Command Create()
    {
        var list = new Command("list", "Dead letters that nobody has dealt with, as JSON lines without their bytes, newest first");
        list.SetAction((parse, cancel) => DeskHost.UseAsync(
            parse,
            async services =>
            {
                foreach (var letter in await services.GetRequiredService<DeadLetterDesk>().ListAsync(int.MaxValue, cancel))
                {
                    Console.Out.WriteLine(JsonSerializer.Serialize(letter with { Bytes = [] }, ContractsJson.Default.DeadLetter));
                }

                return 0;
            },
            cancel));
        var retry = Each("retry", "Handles them again, as received now", "Retried", (desk, id, by, cancel) => desk.RetryAsync(id, by, cancel));
        var drop = Each("drop", "Lets them go", "Dropped", (desk, id, by, cancel) => desk.DropAsync(id, by, cancel));
        return new Command("deadletter", "Records that could not be handled: lists, retries and drops them") { list, retry, drop };
    }

    private static Command Each(string name, string description, string done, Func<DeadLetterDesk, string, string, CancellationToken, Task<Acted>> act)
    {
        var command = new Command(name, description) { Ids, DeskHost.By };
        command.SetAction((parse, cancel) => DeskHost.UseAsync(
            parse,
            async services =>
            {
                var desk = services.GetRequiredService<DeadLetterDesk>();
                var worst = 0;
                foreach (var id in parse.GetValue(Ids)!)
                {
                    worst = Math.Max(worst, await DeskHost.SayAsync(await act(desk, id, parse.GetValue(DeskHost.By)!, cancel), $"{done} {id}.", $"there is no open dead letter '{id}'."));
                }

                return worst;
            },
            cancel));
        return command;
    }
}
