using RiskWatch.Classification.Claims;
using RiskWatch.Classification.Text;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Tests.Classification.Stage;
using Xunit;

namespace RiskWatch.Tests.Classification.Claims;

public sealed class ClaimIndexTests
{
    private static readonly DateTimeOffset Reviewed = new(2020, 2, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Claim Garlic = new("garlic", "吃大蒜可以预防新型冠状病毒", "谣言", Reviewed);

    [Fact]
    public void A_copy_is_found_by_its_group_alone()
    {
        var index = new ClaimIndex([Garlic], null);

        var match = index.Match(NearDuplicateGroup.Of("吃大蒜，可以预防新型冠状病毒！！ http://t.cn/abc @小明"), "zh", default);

        Assert.Equal(new ClaimMatch("garlic", 1, "谣言", Reviewed), match);
        Assert.Null(index.Match(NearDuplicateGroup.Of("今天天气不错"), "zh", default));
    }

    [Fact]
    public void Likeness_of_meaning_counts_from_the_threshold_on_and_within_a_language()
    {
        // Vectors of two halves, each of length 1, as encoders give them.
        var index = new ClaimIndex([Garlic], (text, language) => [1, 0, 1, 0]);

        Assert.Equal(0.9, index.Match("0", "zh", Half(0.9f))!.Similarity, 3);
        Assert.Null(index.Match("0", "zh", Half((float)ClaimIndex.LeastSimilarity - 0.01f)));
        Assert.Null(index.Match("0", "en", Half(0.9f)));
    }

    [Fact]
    public void The_index_is_made_anew_only_where_the_claims_differ()
    {
        var book = new ClaimBook(new TokenClassifier());
        var none = ControlView.Empty;
        var one = none.With(0, Entry(1, [Garlic]));
        var same = one.With(1, new ControlEntry { Kind = ControlKind.Silence, EntityId = "s", Version = 1, Author = "test", EffectiveFrom = Reviewed });
        var removed = same.With(2, Entry(2, []) with { Removed = true, Claims = null });

        Assert.Null(book.Of(none));
        Assert.Equal(1, book.Of(one)!.Count);
        Assert.Same(book.Of(one), book.Of(same));
        Assert.Null(book.Of(removed));
    }

    private static float[] Half(float cosine) => [cosine, MathF.Sqrt(1 - (cosine * cosine)), cosine, MathF.Sqrt(1 - (cosine * cosine))];

    private static ControlEntry Entry(int version, IReadOnlyList<Claim> claims) => new()
    {
        Kind = ControlKind.Claims,
        EntityId = "list.1",
        Version = version,
        Author = "test",
        EffectiveFrom = DateTimeOffset.MinValue,
        Claims = new ClaimList("list", claims),
    };
}
