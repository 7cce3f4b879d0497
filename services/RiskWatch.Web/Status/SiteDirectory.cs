using RiskWatch.Contracts;
using RiskWatch.Core.Places;

namespace RiskWatch.Web.Status;

/// <summary>Names and zones of sites, topics and places for the pages.</summary>
internal sealed class SiteDirectory(SiteStatusProvider sites, ITaxonomy taxonomy, IGazetteer gazetteer)
{
    /// <summary>All sites.</summary>
    public IReadOnlyList<Site> All => sites.Sites();

    /// <summary>The site, null where unknown.</summary>
    public Site? Find(string? id) => All.FirstOrDefault(s => s.Id == id);

    /// <summary>Names of a site; its id where unknown.</summary>
    public BilingualText Names(string id) => Find(id)?.Names ?? new BilingualText(id, id);

    /// <summary>A site's zone; UTC where the site or its zone is unknown.</summary>
    public TimeZoneInfo Zone(string? id) =>
        Find(id) is { } site && TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>Names of a topic of a site.</summary>
    public BilingualText Topic(string? site, string topic) => taxonomy.Names(Find(site), topic);

    /// <summary>Topics of a site, parents before children.</summary>
    public IReadOnlyList<(string Id, BilingualText Names)> Topics(string? site) => [.. taxonomy.Topics(Find(site)).Select(t => (t, Topic(site, t)))];

    /// <summary>Names of a place.</summary>
    public BilingualText Place(string code) => gazetteer.Names(code);

    /// <summary>Code and names of the places of a site.</summary>
    public IReadOnlyList<(string Code, BilingualText Names)> Places(string? site)
    {
        var root = Find(site)?.GazetteerRoot;
        return [.. gazetteer.Codes
            .Where(code => root is null || gazetteer.WithAncestors(code).Contains(root))
            .Select(code => (code, gazetteer.Names(code)))];
    }

    /// <summary>The code of the place that somebody wrote by code or name, the largest of several; null for nothing, and where there is no such place, the text itself.</summary>
    public string? PlaceCode(string? site, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var wanted = text.Trim();
        var places = Places(site);
        return places.FirstOrDefault(p => p.Code == wanted || p.Names.Zh == wanted || string.Equals(p.Names.En, wanted, StringComparison.OrdinalIgnoreCase)).Code
            ?? places.FirstOrDefault(p => p.Names.Zh.StartsWith(wanted, StringComparison.Ordinal) || p.Names.En.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)).Code
            ?? wanted;
    }
}
