using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using Xunit;

namespace RiskWatch.Tests.Core.Control;

public sealed class ControlViewTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_version_that_holds_is_the_highest_whose_time_has_come()
    {
        var view = ControlView.Of(Silence(1, Noon), Silence(2, Noon.AddHours(1)));

        Assert.Null(view.At(ControlKind.Silence, "s", Noon.AddMinutes(-1)));
        Assert.Equal(1, view.At(ControlKind.Silence, "s", Noon)!.Version);
        Assert.Equal(2, view.At(ControlKind.Silence, "s", Noon.AddHours(1))!.Version);
    }

    [Fact]
    public void A_removed_entity_is_gone_from_its_time_on()
    {
        var view = ControlView.Of(Silence(1, Noon), Silence(2, Noon.AddHours(1)) with { Removed = true });

        Assert.NotNull(view.At(ControlKind.Silence, "s", Noon));
        Assert.Null(view.At(ControlKind.Silence, "s", Noon.AddHours(1)));
        Assert.Empty(view.All(ControlKind.Silence, Noon.AddHours(1)));
    }

    [Fact]
    public void The_same_version_written_twice_is_one()
    {
        var view = ControlView.Of(Silence(1, Noon), Silence(1, Noon));

        Assert.Equal(1, view.LastVersion(ControlKind.Silence, "s"));
        Assert.Single(view.All(ControlKind.Silence, Noon));
    }

    private static ControlEntry Silence(int version, DateTimeOffset from) => new()
    {
        Kind = ControlKind.Silence,
        EntityId = "s",
        Version = version,
        Author = "test",
        EffectiveFrom = from,
        Silence = new Silence("s", new SeriesSelector(), from, from.AddHours(1), "test"),
    };
}
