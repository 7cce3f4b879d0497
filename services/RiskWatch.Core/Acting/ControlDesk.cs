using System.Globalization;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using RiskWatch.Core.Text;

namespace RiskWatch.Core.Acting;

/// <summary>
/// Where operators read, validate and apply rules, silences and sources, each as a whole: new versions for those that differ, removals for those that are missing.
/// One change at a time in a process, and the next sees it. Throws <see cref="TransientLogException"/> where nothing was recorded.
/// </summary>
public sealed class ControlDesk(IEventLog log, IControlTable control, IGazetteer gazetteer, ITaxonomy taxonomy, TimeProvider time) : IDisposable
{
    // A claim has at most 2,000 characters, so that even a part of the longest stays below the megabyte that an entry may have.
    private const int ClaimsAPart = 100;

    /// <summary>How long an incident is taken to last where nobody says when it was over.</summary>
    public static readonly TimeSpan UsualIncident = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The newest version of each rule, by id.</summary>
    public IReadOnlyList<ControlEntry> Rules() => [.. control.Latest.All(ControlKind.Rule, DateTimeOffset.MaxValue).Where(e => e.Rule is not null)];

    /// <summary>The newest version of each silence, by id.</summary>
    public IReadOnlyList<ControlEntry> Silences() => [.. control.Latest.All(ControlKind.Silence, DateTimeOffset.MaxValue).Where(e => e.Silence is not null)];

    /// <summary>The newest version of each source, by name.</summary>
    public IReadOnlyList<ControlEntry> Sources() => [.. control.Latest.All(ControlKind.Source, DateTimeOffset.MaxValue).Where(e => e.Source is not null)];

    /// <summary>The newest version of each site, by id.</summary>
    public IReadOnlyList<ControlEntry> Sites() => [.. control.Latest.All(ControlKind.Site, DateTimeOffset.MaxValue).Where(e => e.Site is not null)];

    /// <summary>The newest version of each part of the lists of checked claims.</summary>
    public IReadOnlyList<ControlEntry> Claims() => [.. control.Latest.All(ControlKind.Claims, DateTimeOffset.MaxValue).Where(e => e.Claims is not null)];

    /// <summary>Missed warnings that staff reported, by onset.</summary>
    public IReadOnlyList<ControlEntry> Misses() => [.. control.Latest.All(ControlKind.Miss, DateTimeOffset.MaxValue).Where(e => e.Miss is not null).OrderBy(e => e.Miss!.Onset)];

    /// <summary>Terms that raise no alerts.</summary>
    public IReadOnlyList<ControlEntry> BlockedTerms() => [.. control.Latest.All(ControlKind.BlockedTerm, DateTimeOffset.MaxValue).Where(e => e.BlockedTerm is not null)];

    /// <summary>What is not valid in rules; empty where all is.</summary>
    public IReadOnlyList<ActingError> Validate(IReadOnlyList<Rule> rules) => Validation().Rules(rules);

    /// <summary>What is not valid in silences; empty where all is.</summary>
    public IReadOnlyList<ActingError> Validate(IReadOnlyList<Silence> silences) => Validation().Silences(silences);

    /// <summary>What is not valid in sources; empty where all is.</summary>
    public IReadOnlyList<ActingError> Validate(IReadOnlyList<SourceDefinition> sources) => Validation().Sources(sources);

    /// <summary>What is not valid in sites; empty where all is.</summary>
    public IReadOnlyList<ActingError> Validate(IReadOnlyList<Site> sites) => Validation().Sites(sites, [.. Sources().Select(e => e.Source!)]);

    /// <summary>Applies rules.</summary>
    /// <param name="rules">All rules as they shall be; a rule that is missing is removed.</param>
    /// <param name="effectiveFrom">From which event time, on the site's clock (LOG §6.2); null: now.</param>
    /// <param name="by">Who; see <see cref="Actor"/>.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task<Acted> ApplyAsync(IReadOnlyList<Rule> rules, DateTimeOffset? effectiveFrom, string by, CancellationToken cancel)
    {
        var from = effectiveFrom ?? time.GetUtcNow();
        return ApplyAsync(new Change(
            ControlKind.Rule, Validate(rules), Rules, [.. rules.Select(r => Entry(ControlKind.Rule, r.Id, by, from) with { Rule = r })], (a, b) => Same(a.Rule, b.Rule), from, by, "rule"), cancel);
    }

    /// <summary>Applies silences; each holds from its own <c>from</c> to its own <c>until</c>.</summary>
    /// <param name="silences">All silences as they shall be; a silence that is missing is removed.</param>
    /// <param name="effectiveFrom">From which event time removals hold; null: now.</param>
    /// <param name="by">Who; see <see cref="Actor"/>.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task<Acted> ApplyAsync(IReadOnlyList<Silence> silences, DateTimeOffset? effectiveFrom, string by, CancellationToken cancel) => ApplyAsync(new Change(
        ControlKind.Silence, Validate(silences), Silences, [.. silences.Select(s => Entry(ControlKind.Silence, s.Id, by, s.From) with { Silence = s })], (a, b) => Same(a.Silence, b.Silence), effectiveFrom ?? time.GetUtcNow(), by, "silence"), cancel);

    /// <summary>Applies sources: a new one holds from ever, so that what was sent before it was known can be retried; a changed or removed one from now.</summary>
    /// <param name="sources">All sources as they shall be; a source that is missing is removed.</param>
    /// <param name="by">Who; see <see cref="Actor"/>.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task<Acted> ApplyAsync(IReadOnlyList<SourceDefinition> sources, string by, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        DateTimeOffset From(string name) => SinceEverWhereNew(ControlKind.Source, name, now);
        return ApplyAsync(new Change(
            ControlKind.Source, Validate(sources), Sources, [.. sources.Select(s => Entry(ControlKind.Source, s.Name, by, From(s.Name)) with { Source = s })], (a, b) => Same(a.Source, b.Source), now, by, "source"), cancel);
    }

    /// <summary>Applies sites: a new one holds from ever, a changed or removed one from now.</summary>
    /// <param name="sites">All sites as they shall be; a site that is missing is removed.</param>
    /// <param name="by">Who; see <see cref="Actor"/>.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task<Acted> ApplyAsync(IReadOnlyList<Site> sites, string by, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return ApplyAsync(SitesChange(Validate(sites), Sites, sites, site => SinceEverWhereNew(ControlKind.Site, site.Id, now), now, by), cancel);
    }

    /// <summary>Sets one site from ever on and leaves the others: for a replay, whose log is its own.</summary>
    public Task<Acted> SetAsync(Site site, string by, CancellationToken cancel) => ApplyAsync(
        SitesChange(Validate([site, .. Sites().Select(e => e.Site!).Where(s => s.Id != site.Id)]), () => [.. Sites().Where(e => e.EntityId == site.Id)], [site], _ => DateTimeOffset.MinValue, DateTimeOffset.MinValue, by), cancel);

    /// <summary>Makes claims the whole of a list: it holds for all records that are classified from now on, whenever they were published.</summary>
    /// <param name="list">Name of the list, as an id.</param>
    /// <param name="claims">All its claims; none: the list is removed.</param>
    /// <param name="by">Who; see <see cref="Actor"/>.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task<Acted> ApplyAsync(string list, IReadOnlyList<Claim> claims, string by, CancellationToken cancel) => ApplyAsync(new Change(
        ControlKind.Claims, ControlValidation.ListName(list), () => [.. Claims().Where(e => e.Claims!.Name == list)],
        [.. claims.Chunk(ClaimsAPart).Select((part, i) => Entry(ControlKind.Claims, $"{list}.{i + 1}", by, DateTimeOffset.MinValue) with { Claims = new ClaimList(list, part) })],
        (a, b) => Same(a.Claims, b.Claims), DateTimeOffset.MinValue, by, "claims"), cancel);

    /// <summary>Reports a missed warning; one of the same site, topic, place and onset is changed.</summary>
    public Task<Acted> ReportAsync(MissedWarning miss, string by, CancellationToken cancel) => SetAsync(
        Entry(ControlKind.Miss, IdOf(miss), by, miss.Onset) with { Miss = miss }, Validation().Miss(miss, control.Latest.Site(miss.Site, DateTimeOffset.MaxValue), time.GetUtcNow()), Misses, "miss", cancel);

    /// <summary>Takes the report of a missed warning back.</summary>
    public Task<Acted> WithdrawAsync(string id, string by, CancellationToken cancel) => RemoveAsync(id, Misses, null, by, "miss", cancel);

    /// <summary>Keeps an emergent term from raising alerts; the reason of one that is blocked already is changed.</summary>
    /// <param name="blocked">The term.</param>
    /// <param name="effectiveFrom">From which event time; null: now.</param>
    /// <param name="by">Who; see <see cref="Actor"/>.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task<Acted> BlockAsync(BlockedTerm blocked, DateTimeOffset? effectiveFrom, string by, CancellationToken cancel) => SetAsync(
        Entry(ControlKind.BlockedTerm, StableHash.Hex($"{blocked.Site}/{blocked.Term}"), by, effectiveFrom ?? time.GetUtcNow()) with { BlockedTerm = blocked }, Validation().Blocked(blocked), BlockedTerms, "term", cancel);

    /// <summary>Lets a blocked term raise alerts again, from <paramref name="effectiveFrom"/> on; null: now.</summary>
    public Task<Acted> UnblockAsync(string id, DateTimeOffset? effectiveFrom, string by, CancellationToken cancel) => RemoveAsync(id, BlockedTerms, effectiveFrom ?? time.GetUtcNow(), by, "term", cancel);

    /// <summary>Id of a missed warning.</summary>
    public static string IdOf(MissedWarning miss) => StableHash.Hex(string.Create(CultureInfo.InvariantCulture, $"{miss.Site}/{miss.Topic}@{miss.Place} {miss.Onset.ToUnixTimeSeconds()}"));

    public void Dispose() => _turn.Dispose();

    private async Task<Acted> ApplyAsync(Change change, CancellationToken cancel)
    {
        if (change.Errors.Count > 0)
        {
            return Acted.Invalid(change.Errors);
        }

        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var entries = Entries(change);
            if (entries.Count > 0)
            {
                var audits = entries.Select(e => new AuditEntry(Actor.NewId(), time.GetUtcNow(), change.By, $"{change.Noun}.{(e.Removed ? "remove" : "apply")}", $"{e.EntityId}@{e.Version}"));
                var positions = await log.AppendAsync([.. entries.Select(Log.Entries.Of), .. audits.Select(Log.Entries.Of)], cancel).ConfigureAwait(false);
                await control.AtAsync(positions.Where(p => p.Topic == Topics.Control).Max(p => p.Offset), cancel).ConfigureAwait(false);
            }

            return new Acted(ActedOutcome.Done, entries.Count);
        }
        finally
        {
            _turn.Release();
        }
    }

    private Task<Acted> SetAsync(ControlEntry entry, IReadOnlyList<ActingError> errors, Func<IReadOnlyList<ControlEntry>> all, string noun, CancellationToken cancel) => ApplyAsync(
        new Change(entry.Kind, errors, () => [.. all().Where(e => e.EntityId == entry.EntityId)], [entry], (a, b) => (a.Miss, a.BlockedTerm) == (b.Miss, b.BlockedTerm), entry.EffectiveFrom, entry.Author, noun), cancel);

    private async Task<Acted> RemoveAsync(string id, Func<IReadOnlyList<ControlEntry>> all, DateTimeOffset? from, string by, string noun, CancellationToken cancel) =>
        all().FirstOrDefault(e => e.EntityId == id) is not { } entry
            ? Acted.NotFound
            : await ApplyAsync(new Change(entry.Kind, [], () => [entry], [], (_, _) => false, from ?? entry.EffectiveFrom, by, noun), cancel).ConfigureAwait(false);

    private List<ControlEntry> Entries(Change change)
    {
        var held = change.Held().ToDictionary(e => e.EntityId);
        var wanted = change.Wanted.Select(e => e.EntityId).ToHashSet();
        return
        [
            .. change.Wanted.Where(e => !held.TryGetValue(e.EntityId, out var old) || !change.Same(old, e)).Select(Next),
            .. held.Keys.Where(id => !wanted.Contains(id)).Select(id => Next(Entry(change.Kind, id, change.By, change.From) with { Removed = true })),
        ];
    }

    private static Change SitesChange(IReadOnlyList<ActingError> errors, Func<IReadOnlyList<ControlEntry>> held, IReadOnlyList<Site> sites, Func<Site, DateTimeOffset> from, DateTimeOffset now, string by) => new(
        ControlKind.Site, errors, held, [.. sites.Select(s => Entry(ControlKind.Site, s.Id, by, from(s)) with { Site = s })], (a, b) => Same(a.Site, b.Site), now, by, "site");

    private DateTimeOffset SinceEverWhereNew(ControlKind kind, string id, DateTimeOffset now) => control.Latest.LastVersion(kind, id) == 0 ? DateTimeOffset.MinValue : now;

    private ControlEntry Next(ControlEntry entry) => entry with { Version = control.Latest.LastVersion(entry.Kind, entry.EntityId) + 1 };

    private ControlValidation Validation() => new(site => control.Latest.Site(site, DateTimeOffset.MaxValue) is not null, gazetteer, taxonomy);

    private static ControlEntry Entry(ControlKind kind, string id, string by, DateTimeOffset from) => new() { Kind = kind, EntityId = id, Version = 0, Author = by, EffectiveFrom = from };

    // Records hold lists, which compare by reference; their JSON does not.
    private static bool Same<T>(T a, T b) => ControlJson.Of([a]) == ControlJson.Of([b]);

    private sealed record Change(
        ControlKind Kind, IReadOnlyList<ActingError> Errors, Func<IReadOnlyList<ControlEntry>> Held, IReadOnlyList<ControlEntry> Wanted, Func<ControlEntry, ControlEntry, bool> Same, DateTimeOffset From, string By, string Noun);
}
