using Microsoft.Extensions.Time.Testing;
using RiskWatch.Classification;
using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Models;
using RiskWatch.Contracts;
using Xunit;

namespace RiskWatch.Tests.Classification.Encoders;

public sealed class CascadeTests
{
    private const string Rumour = "紧急通知!速转!吃了会致癌,已经死了很多人,专家证实,千万不要再吃了,转给你的家人";

    private static readonly FastModel Fast = FastModel.Load(FastModel.DefaultPath);
    private static readonly EncoderModel Encoder = EncoderModel.Load(EncoderModel.DefaultFolder, Fast, 64)!;

    [Fact]
    public void A_suspected_rumour_comes_before_doubt_and_doubt_before_certainty()
    {
        var calm = new FastScores { Scored = true, Neutral = 1 };
        double Of(double p) => Cascade.Priority(calm, p, RecordKind.Post);
        Assert.True(Of(0.99) > Of(0.2) && Of(0.5) >= Of(0.99) && Of(0.2) > Of(0.02) && Of(0.02) > Of(0));
        Assert.Equal(0, Cascade.Priority(calm, 0.5, RecordKind.Hotline));
        Assert.Equal(0, Cascade.Priority(default, 0.5, RecordKind.Post));
    }

    [Fact]
    public void Doubt_of_mood_counts_as_far_as_the_text_concerns_the_public()
    {
        var torn = new FastScores { Scored = true, Negative = 0.5f, Neutral = 0.5f, Relevance = 1 };
        Assert.True(Cascade.Priority(torn, 0, RecordKind.Hotline) > Cascade.Priority(torn with { Relevance = 0.1f }, 0, RecordKind.Hotline));
        Assert.True(Cascade.Priority(torn, 0, RecordKind.Post) > Cascade.Priority(torn with { Negative = 0.9f, Neutral = 0.1f }, 0, RecordKind.Post));
    }

    [Fact]
    public void The_choice_in_replay_is_a_function_of_the_record()
    {
        var first = new ModelScorer(Fast, Encoder, 0.5, EncoderBudget.Unlimited);
        var expected = first.Read(Rumour, null, 0.02, RecordKind.Post);
        Assert.Equal(ClassificationStageKind.Encoder, expected.Stage);
        Assert.Equal(ClassificationStageKind.Fast, first.Read("今天去公园散步", null, 0.02, RecordKind.Post).Stage);
        Assert.All(Enumerable.Range(0, 40).AsParallel().Select(_ => first.Read(Rumour, null, 0.02, RecordKind.Post)).ToList(), reading => Assert.Equal(expected, reading));
    }

    [Fact]
    public void Under_load_it_sheds_to_fast_and_says_so()
    {
        var seen = new List<EncoderOutcome>();
        var scorer = new ModelScorer(Fast, Encoder, 0, new EncoderBudget(0.1, new FakeTimeProvider()), seen.Add);
        var shed = scorer.Read("城东一夜之间停水", null, 0.02, RecordKind.Post);
        Assert.True(shed is { Shed: true, Stage: ClassificationStageKind.Fast });
        Assert.Equal([EncoderOutcome.Shed], seen);
        Assert.Equal(new ModelScorer(Fast).Read("城东一夜之间停水", null, 0.02, RecordKind.Post), shed with { Shed = false });
    }

    [Fact]
    public void A_text_is_encoded_once()
    {
        var seen = new List<EncoderOutcome>();
        var scorer = new ModelScorer(Fast, Encoder, 0, EncoderBudget.Unlimited, seen.Add);
        var text = $"城西停电第{Environment.ProcessId}天";
        scorer.Read(text, null, 0.02, RecordKind.Post);
        scorer.Read("#" + text + " http://t.cn/abc", null, 0.02, RecordKind.Post);
        Assert.Equal([EncoderOutcome.Encoded, EncoderOutcome.Cached], seen);
    }

    [Fact]
    public void A_language_without_an_encoder_is_not_asked_for()
    {
        var seen = new List<EncoderOutcome>();
        var scorer = new ModelScorer(Fast, Encoder, 0, EncoderBudget.Unlimited, seen.Add);
        Assert.Equal(ClassificationStageKind.Fast, scorer.Read("Сегодня дождь", null, 0.02, RecordKind.Post).Stage);
        Assert.Empty(seen);
    }
}
