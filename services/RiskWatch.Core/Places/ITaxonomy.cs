using RiskWatch.Contracts;

namespace RiskWatch.Core.Places;

/// <summary>Topics of a site: those of the taxonomy and the source's own categories that the site lists.</summary>
public interface ITaxonomy
{
    /// <summary>Names of a topic; the id itself where unknown, "everything" for <c>*</c>.</summary>
    BilingualText Names(Site? site, string topic);

    /// <summary>Parent topic id, null at the top.</summary>
    string? Parent(Site? site, string topic);

    /// <summary>All topic ids of a site, parents before children.</summary>
    IReadOnlyList<string> Topics(Site? site);
}
