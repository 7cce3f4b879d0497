using RiskWatch.Contracts;
using RiskWatch.Core.Places;

namespace RiskWatch.Tests.Web;

/// <summary>Four topics.</summary>
internal sealed class FakeTaxonomy : ITaxonomy
{
    private static readonly Dictionary<string, (BilingualText Names, string? Parent)> Known = new()
    {
        ["disaster"] = (new("自然灾害", "Natural disasters"), null),
        ["disaster.flood"] = (new("洪涝", "Floods"), "disaster"),
        ["disaster.storm"] = (new("风暴", "Storms"), "disaster"),
        ["trees"] = (new("树木", "Trees"), null),
    };

    public BilingualText Names(Site? site, string topic) => topic == "*" ? new("全部主题", "Everything") : Known.TryGetValue(topic, out var known) ? known.Names : new(topic, topic);

    public string? Parent(Site? site, string topic) => Known.TryGetValue(topic, out var known) ? known.Parent : null;

    public IReadOnlyList<string> Topics(Site? site) => [.. Known.Keys];
}

/// <summary>A control table that holds what it is given.</summary>
internal sealed class FakeControl(params ControlEntry[] entries) : RiskWatch.Core.Control.IControlTable
{
    public long Offset => Latest.Offset;

    public RiskWatch.Core.Control.ControlView Latest { get; set; } = RiskWatch.Core.Control.ControlView.Of(entries);

    public ValueTask<RiskWatch.Core.Control.ControlView> AtAsync(long offset, CancellationToken cancel) => ValueTask.FromResult(Latest);
}
