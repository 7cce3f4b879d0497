using System.CommandLine;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Core.Log;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Commands;

/// <summary><c>rules get | validate | apply</c>, <c>silences get | apply</c>, <c>sites get | apply</c> and <c>sources get | apply</c>: JSON arrays in the form of the API.</summary>
internal static class ControlCommands
{
    private static readonly Argument<FileInfo> File = new("FILE") { Description = "A JSON array; what is missing in it is removed" };
    private static readonly Option<DateTimeOffset?> EffectiveFrom = new("--effective-from") { Description = "From which event time it holds, on the site's clock; default: from what is decided now" };

    public static Command Rules()
    {
        var get = new Command("get", "The rules that hold, as a JSON array");
        get.SetAction((parse, cancel) => DeskHost.UseAsync(parse, services => Print(ControlJson.Of(services.GetRequiredService<ControlDesk>().Rules().Select(e => e.Rule!))), cancel));
        var validate = new Command("validate", "Says what is wrong in a file of rules") { File };
        validate.SetAction((parse, cancel) => DeskHost.UseAsync(
            parse,
            async services =>
            {
                var errors = await ReadAsync<Rule>(parse, cancel) is var (rules, error) && rules is not null ? services.GetRequiredService<ControlDesk>().Validate(rules) : [error!];
                return await DeskHost.SayAsync(errors.Count == 0 ? new Acted(ActedOutcome.Done) : Acted.Invalid(errors), "The rules are valid.", "");
            },
            cancel));
        var apply = new Command("apply", "Makes a file of rules the rules") { File, EffectiveFrom, DeskHost.By };
        apply.SetAction((parse, cancel) => ApplyAsync<Rule>(parse, "rules", (desk, rules, from) => desk.ApplyAsync(rules, from, parse.GetValue(DeskHost.By)!, cancel), cancel));
        return new Command("rules", "Reads, checks and changes the rules that make signals alerts") { get, validate, apply };
    }

    public static Command Silences()
    {
        var get = new Command("get", "The silences that hold, as a JSON array");
        get.SetAction((parse, cancel) => DeskHost.UseAsync(parse, services => Print(ControlJson.Of(services.GetRequiredService<ControlDesk>().Silences().Select(e => e.Silence!))), cancel));
        var apply = new Command("apply", "Makes a file of silences the silences") { File, EffectiveFrom, DeskHost.By };
        apply.SetAction((parse, cancel) => ApplyAsync<Silence>(parse, "silences", (desk, silences, from) => desk.ApplyAsync(silences, from, parse.GetValue(DeskHost.By)!, cancel), cancel));
        return new Command("silences", "Reads and changes silences: alerts that are shown and do not notify") { get, apply };
    }

    public static Command Sources()
    {
        var get = new Command("get", "The sources that sites take records from, as a JSON array");
        get.SetAction((parse, cancel) => DeskHost.UseAsync(parse, services => Print(ControlJson.Of(services.GetRequiredService<ControlDesk>().Sources().Select(e => e.Source!))), cancel));
        var apply = new Command("apply", "Makes a file of sources the sources; kind 'push' is what senders post to /api/records") { File, DeskHost.By };
        apply.SetAction((parse, cancel) => ApplyAsync<SourceDefinition>(parse, "sources", (desk, sources, _) => desk.ApplyAsync(sources, parse.GetValue(DeskHost.By)!, cancel), cancel));
        return new Command("sources", "Reads and changes the sources that sites take records from") { get, apply };
    }

    public static Command Sites()
    {
        var get = new Command("get", "The sites that are watched, as a JSON array");
        get.SetAction((parse, cancel) => DeskHost.UseAsync(parse, services => Print(ControlJson.Of(services.GetRequiredService<ControlDesk>().Sites().Select(e => e.Site!))), cancel));
        var apply = new Command("apply", "Makes a file of sites the sites: time zone, calendar, places, budget of false alarms, expected share of false content") { File, DeskHost.By };
        apply.SetAction((parse, cancel) => ApplyAsync<Site>(parse, "sites", (desk, sites, _) => desk.ApplyAsync(sites, parse.GetValue(DeskHost.By)!, cancel), cancel));
        return new Command("sites", "Reads and changes what is watched as one: sites") { get, apply };
    }

    // Where no time is given, the change holds from what is decided now on the sites' own clocks: a replayed past would never reach the wall clock.
    private static Task<int> ApplyAsync<T>(ParseResult parse, string what, Func<ControlDesk, IReadOnlyList<T>, DateTimeOffset?, Task<Acted>> apply, CancellationToken cancel)
        where T : class => DeskHost.UseAsync(
        parse,
        async services =>
        {
            var (items, error) = await ReadAsync<T>(parse, cancel);
            var from = parse.GetValue(EffectiveFrom) ?? await Pipeline.EarliestDecidedAsync(services.GetRequiredService<IEventLog>(), cancel);
            var acted = items is null ? Acted.Invalid(error!) : await apply(services.GetRequiredService<ControlDesk>(), items, from);
            return await DeskHost.SayAsync(acted, $"{acted.Changes} {what} changed.", "");
        },
        cancel);

    private static async Task<(IReadOnlyList<T>? Items, ActingError? Error)> ReadAsync<T>(ParseResult parse, CancellationToken cancel)
        where T : class
    {
        var items = ControlJson.Read<T>(await System.IO.File.ReadAllTextAsync(parse.GetValue(File)!.FullName, cancel), out var error);
        return (items, error);
    }

    private static Task<int> Print(string text)
    {
        Console.Out.WriteLine(text);
        return Task.FromResult(0);
    }
}
