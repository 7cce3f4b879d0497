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

        Assert.Equal(new ClaimMatch("garlic", 1, "谣言", Reviewed), Match(index, "吃大蒜，可以预防新型冠状病毒！！ http://t.cn/abc @小明", null));
        Assert.Null(Match(index, "今天天气不错", null));
    }

    [Fact]
    public void A_claim_within_a_longer_post_is_found_by_its_wording()
    {
        var index = new ClaimIndex([Garlic], null);

        Assert.InRange(Match(index, "家族群里又在传，说吃大蒜可以预防新型冠状病毒。我妈已经信了，劝也劝不住。", null)!.Similarity, 0.9, 0.999);
        Assert.Null(Match(index, "吃大蒜对身体好，可以多吃", null));
    }

    [Fact]
    public void Likeness_of_meaning_counts_from_the_threshold_on_and_within_a_language()
    {
        // Vectors of two halves, each of length 1, as encoders give them.
        var index = new ClaimIndex([Garlic], (text, language) => [1, 0, 1, 0]);
        var enough = (float)(2 * ClaimIndex.LeastSimilarity) - 0.9f;

        Assert.NotNull(Match(index, "大蒜吃了，新型冠状病毒可以预防", Half(0.9f)));
        Assert.Null(Match(index, "今天天气不错", Half(enough)));
        Assert.Null(index.Match("0", "吃大蒜可以预防新型冠状病毒吗", "en", Half(0.9f)));
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

    private static ClaimMatch? Match(ClaimIndex index, string text, float[]? vector) => index.Match(NearDuplicateGroup.Of(text), text, "zh", vector);

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
