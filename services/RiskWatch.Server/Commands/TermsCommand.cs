using System.CommandLine;
using System.Text.Json;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Core.Log;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Commands;

/// <summary><c>terms block | unblock | blocked</c>.</summary>
internal static class TermsCommand
{
    private static readonly Argument<string> Term = new("TERM") { Description = "The term as its alert shows it" };
    private static readonly Argument<string> Id = new("ID") { Description = "Id, as 'terms blocked' shows it" };
    private static readonly Option<string> Site = new("--site") { Description = "Site", Required = true };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why", DefaultValueFactory = _ => "" };

    public static Command Create()
    {
        var block = new Command("block", "Keeps an emergent term from raising alerts; an open alert of it ends") { Term, Site, Reason, DeskHost.By };
        block.SetAction((parse, cancel) => ActAsync(
            parse, (desk, from) => desk.BlockAsync(new BlockedTerm(parse.GetValue(Site)!, parse.GetValue(Term)!, parse.GetValue(Reason)!), from, parse.GetValue(DeskHost.By)!, cancel), "Blocked.", "", cancel));
        var unblock = new Command("unblock", "Lets a term raise alerts again") { Id, DeskHost.By };
        unblock.SetAction((parse, cancel) => ActAsync(
            parse, (desk, from) => desk.UnblockAsync(parse.GetValue(Id)!, from, parse.GetValue(DeskHost.By)!, cancel), "Unblocked.", $"there is no blocked term '{parse.GetValue(Id)}'.", cancel));
        var blocked = new Command("blocked", "Terms that raise no alerts, as JSON lines");
        blocked.SetAction((parse, cancel) => DeskHost.UseAsync(parse, services => List(services.GetRequiredService<ControlDesk>()), cancel));
        return new Command("terms", "Keeps emergent terms from raising alerts") { block, unblock, blocked };
    }

    // From what is decided now on the sites' own clocks: a replayed past would never reach the wall clock.
    private static Task<int> ActAsync(ParseResult parse, Func<ControlDesk, DateTimeOffset?, Task<Acted>> act, string done, string missing, CancellationToken cancel) => DeskHost.UseAsync(
        parse,
        async services => await DeskHost.SayAsync(
            await act(services.GetRequiredService<ControlDesk>(), await Pipeline.EarliestDecidedAsync(services.GetRequiredService<IEventLog>(), cancel)), done, missing),
        cancel);

    private static Task<int> List(ControlDesk desk)
    {
        foreach (var entry in desk.BlockedTerms())
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(entry, ContractsJson.Default.ControlEntry));
        }

        return Task.FromResult(0);
    }
}
