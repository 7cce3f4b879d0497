using System.CommandLine;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Core.Log;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Commands;

/// <summary><c>alerts list | acknowledge | close</c>.</summary>
internal static class AlertsCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "Alert id" };
    private static readonly Option<string?> Site = new("--site") { Description = "Only this site" };
    private static readonly Option<bool> OpenOnly = new("--open") { Description = "Only those that are still going on" };
    private static readonly Option<Verdict> VerdictOption = new("--verdict") { Description = "true, falseAlarm, duplicate or unverifiable", Required = true };
    private static readonly Option<DateTimeOffset?> Onset = new("--onset") { Description = "When it really began" };
    private static readonly Option<string?> Note = new("--note") { Description = "Free words, at most 2,000 characters" };
    private static readonly Option<string?> ActionId = new("--action-id") { Description = "Id of this act; a repeat with the same id has no effect" };

    public static Command Create()
    {
        var list = new Command("list", "Confirmed alerts as JSON lines, oldest first") { Site, OpenOnly };
        list.SetAction(ListAsync);
        var acknowledge = new Command("acknowledge", "Somebody looks after an alert") { Id, DeskHost.By, ActionId };
        acknowledge.SetAction((parse, cancel) => DeskHost.UseAsync(parse, async services => await DeskHost.SayAsync(
            await services.GetRequiredService<AlertDesk>().AcknowledgeAsync(parse.GetValue(Id)!, parse.GetValue(DeskHost.By)!, parse.GetValue(ActionId), cancel: cancel),
            "Acknowledged; it takes effect with the site's next tick.", $"there is no alert '{parse.GetValue(Id)}'."), cancel));
        var close = new Command("close", "Closes an alert with a verdict") { Id, VerdictOption, Onset, Note, DeskHost.By, ActionId };
        close.SetAction((parse, cancel) => DeskHost.UseAsync(parse, async services => await DeskHost.SayAsync(
            await services.GetRequiredService<AlertDesk>().CloseAsync(parse.GetValue(Id)!, new Closing(parse.GetValue(VerdictOption), parse.GetValue(Onset), parse.GetValue(Note)), parse.GetValue(DeskHost.By)!, parse.GetValue(ActionId), cancel: cancel),
            "Closed; it takes effect with the site's next tick.", $"there is no alert '{parse.GetValue(Id)}'."), cancel));
        return new Command("alerts", "Lists alerts, acknowledges and closes them") { list, acknowledge, close };
    }

    private static Task<int> ListAsync(ParseResult parse, CancellationToken cancel) => DeskHost.UseAsync(
        parse,
        async services =>
        {
            foreach (var alert in await Pipeline.AlertsAsync(services.GetRequiredService<IEventLog>(), cancel))
            {
                if ((parse.GetValue(Site) is not { } site || alert.Site == site) && (!parse.GetValue(OpenOnly) || alert.Status == AlertStatus.Open))
                {
                    Console.Out.WriteLine(AlertFile.Line(alert));
                }
            }

            return 0;
        },
        cancel);
}
