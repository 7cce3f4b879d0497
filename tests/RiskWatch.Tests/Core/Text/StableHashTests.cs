using RiskWatch.Core.Text;
using Xunit;

namespace RiskWatch.Tests.Core.Text;

public sealed class StableHashTests
{
    [Fact]
    public void The_hash_is_that_of_the_published_algorithm_over_utf8()
    {
        Assert.Equal("ef46db3751d8e999", StableHash.Hex(""));
        Assert.Equal("d24ec4f1a98c6e5b", StableHash.Hex("a"));
    }

    [Fact]
    public void Long_text_hashes_as_its_short_form_would()
    {
        var text = new string('暴', 5000);
        Assert.Equal(System.IO.Hashing.XxHash64.HashToUInt64(System.Text.Encoding.UTF8.GetBytes(text)), StableHash.Of(text));
    }

    [Fact]
    public void Broken_surrogates_do_not_throw() => Assert.Equal(StableHash.Of("\uFFFD"), StableHash.Of("\uD800"));
}
