using System.CommandLine;
using RiskWatch.Classification.Claims;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;

namespace RiskWatch.Server.Commands;

/// <summary><c>claims import | list | remove</c>: lists of checked claims that records are compared with.</summary>
internal static class ClaimCommands
{
    private static readonly Argument<FileInfo[]> Files = new("FILES") { Description = "ClaimReview as JSON-LD, or CSV with a header that names claim and verdict", Arity = ArgumentArity.OneOrMore };
    private static readonly Argument<string> Name = new("LIST") { Description = "Name of the list" };
    private static readonly Option<string> List = new("--list") { Description = "List that the files become, as a whole", DefaultValueFactory = _ => "claims", HelpName = "NAME" };

    public static Command Create()
    {
        var import = new Command("import", "Makes files of checked claims a list: records that are classified from now on are compared with it") { Files, List, DeskHost.By };
        import.SetAction((parse, cancel) => DeskHost.UseAsync(
            parse,
            async services =>
            {
                List<Claim> claims = [.. parse.GetValue(Files)!.SelectMany(Read).DistinctBy(c => c.Id)];
                var acted = await services.GetRequiredService<ControlDesk>().ApplyAsync(parse.GetValue(List)!, claims, parse.GetValue(DeskHost.By)!, cancel);
                return await DeskHost.SayAsync(acted, $"{claims.Count} claims are list '{parse.GetValue(List)}'.", "");
            },
            cancel));
        var list = new Command("list", "The lists, a line each: name and number of claims");
        list.SetAction((parse, cancel) => DeskHost.UseAsync(
            parse,
            services =>
            {
                foreach (var held in services.GetRequiredService<ControlDesk>().Claims().GroupBy(e => e.Claims!.Name))
                {
                    Console.Out.WriteLine($"{held.Key}\t{held.Sum(e => e.Claims!.Claims.Count)}");
                }

                return Task.FromResult(0);
            },
            cancel));
        var remove = new Command("remove", "Removes a list") { Name, DeskHost.By };
        remove.SetAction((parse, cancel) => DeskHost.UseAsync(
            parse,
            async services =>
            {
                var acted = await services.GetRequiredService<ControlDesk>().ApplyAsync(parse.GetValue(Name)!, [], parse.GetValue(DeskHost.By)!, cancel);
                return acted is { Outcome: ActedOutcome.Done, Changes: 0 } ? throw new UsageException($"There is no list '{parse.GetValue(Name)}'.") : await DeskHost.SayAsync(acted, "Removed.", "");
            },
            cancel));
        return new Command("claims", "Checked claims, as fact checkers publish them: what a record repeats of them stands in its assessment") { import, list, remove };
    }

    /// <summary>Reads a file; says what is wrong with it as wrong usage.</summary>
    public static IReadOnlyList<Claim> Read(FileInfo file)
    {
        try
        {
            return file.Exists ? ClaimReader.Read(file.FullName) : throw new UsageException($"There is no file {file}.");
        }
        catch (InvalidDataException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
