using System.CommandLine;
using System.Text.Json;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Commands;

/// <summary><c>alerts list | acknowledge | close | miss | misses | forget</c>.</summary>
internal static class AlertsCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "Alert id" };
    private static readonly Option<string?> Site = new("--site") { Description = "Only this site" };
    private static readonly Option<bool> OpenOnly = new("--open") { Description = "Only those that are still going on" };
    private static readonly Option<Verdict> VerdictOption = new("--verdict") { Description = "true, falseAlarm, duplicate or unverifiable", Required = true };
    private static readonly Option<DateTimeOffset?> Onset = new("--onset") { Description = "When it really began" };
    private static readonly Option<string?> Note = new("--note") { Description = "Free words, at most 2,000 characters" };
    private static readonly Option<string> MissSite = new("--site") { Description = "Site", Required = true };
    private static readonly Option<string> MissTopic = new("--topic") { Description = "Topic id", DefaultValueFactory = _ => SeriesTopics.Everything };
    private static readonly Option<string?> MissPlace = new("--place") { Description = "Gazetteer code; default: the whole site" };
    private static readonly Option<DateTimeOffset> MissOnset = new("--onset") { Description = "When it began, for example 2011-08-28T06:00-04:00", Required = true };
    private static readonly Option<DateTimeOffset?> MissEnd = new("--end") { Description = "When it was over; default: a day later" };
    private static readonly Argument<string> MissId = new("ID") { Description = "Id, as 'alerts misses' shows it" };
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
        var miss = new Command("miss", "Reports a warning that did not come; 'backtest' without --incidents judges by these and by the alerts that were closed as true") { MissSite, MissTopic, MissPlace, MissOnset, MissEnd, Note, DeskHost.By };
        miss.SetAction((parse, cancel) => DeskHost.UseAsync(parse, services => MissAsync(parse, services, cancel), cancel));
        var misses = new Command("misses", "Missed warnings as JSON lines, by onset") { Site };
        misses.SetAction((parse, cancel) => DeskHost.UseAsync(parse, services => ListMisses(parse, services.GetRequiredService<ControlDesk>()), cancel));
        var forget = new Command("forget", "Takes the report of a missed warning back") { MissId, DeskHost.By };
        forget.SetAction((parse, cancel) => DeskHost.UseAsync(parse, async services => await DeskHost.SayAsync(
            await services.GetRequiredService<ControlDesk>().WithdrawAsync(parse.GetValue(MissId)!, parse.GetValue(DeskHost.By)!, cancel), "Taken back.", $"there is no missed warning '{parse.GetValue(MissId)}'."), cancel));
        return new Command("alerts", "Lists alerts, acknowledges and closes them; reports warnings that did not come") { list, acknowledge, close, miss, misses, forget };
    }

    private static async Task<int> MissAsync(ParseResult parse, IServiceProvider services, CancellationToken cancel)
    {
        var site = parse.GetValue(MissSite)!;
        var place = parse.GetValue(MissPlace) ?? services.GetRequiredService<IControlTable>().Latest.Site(site, DateTimeOffset.MaxValue)?.GazetteerRoot ?? "";
        var onset = parse.GetValue(MissOnset);
        var miss = new MissedWarning(site, parse.GetValue(MissTopic)!, place, onset, parse.GetValue(MissEnd) ?? onset + ControlDesk.UsualIncident, parse.GetValue(Note) ?? "");
        return await DeskHost.SayAsync(await services.GetRequiredService<ControlDesk>().ReportAsync(miss, parse.GetValue(DeskHost.By)!, cancel), $"Recorded as {ControlDesk.IdOf(miss)}.", "");
    }

    private static Task<int> ListMisses(ParseResult parse, ControlDesk desk)
    {
        foreach (var entry in desk.Misses().Where(e => parse.GetValue(Site) is not { } site || e.Miss!.Site == site))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(entry, ContractsJson.Default.ControlEntry));
        }

        return Task.FromResult(0);
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
