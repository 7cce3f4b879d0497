using RiskWatch.Classification.Encoders;
using Xunit;

namespace RiskWatch.Tests.Classification.Encoders;

public sealed class VectorCacheTests
{
    [Fact]
    public void It_is_bounded_and_keeps_what_is_asked_for()
    {
        var cache = new VectorCache(100);
        var wanted = VectorCache.KeyOf("wanted");
        cache.Put(wanted, [1]);
        var held = 0;
        for (var i = 0; i < 1000; i++)
        {
            cache.Put(VectorCache.KeyOf($"{i}"), [i]);
            Assert.True(cache.TryGet(wanted, out _));
        }

        for (var i = 0; i < 1000; i++)
        {
            held += cache.TryGet(VectorCache.KeyOf($"{i}"), out _) ? 1 : 0;
        }

        Assert.InRange(held, 10, 102);
    }
}
