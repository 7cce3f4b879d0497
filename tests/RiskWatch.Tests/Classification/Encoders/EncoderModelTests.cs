using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Models;
using RiskWatch.Classification.Training;
using RiskWatch.Tests.Classification.Models;
using Xunit;

namespace RiskWatch.Tests.Classification.Encoders;

public sealed class EncoderModelTests : IDisposable
{
    private static readonly FastModel Fast = FastModel.Load(FastModel.DefaultPath);

    private readonly string _folder = Directory.CreateTempSubdirectory("riskwatch-encoders-").FullName;
    private readonly byte[] _good = File.ReadAllBytes(Path.Combine(EncoderModel.DefaultFolder, EncoderModel.HeadsFile));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_shipped_heads_fit_the_shipped_model_and_encoders()
    {
        using var model = Assert.IsType<EncoderModel>(EncoderModel.Load(EncoderModel.DefaultFolder, Fast, 2));
        Assert.True(model.Knows("zh-Hans") && model.Knows("en") && !model.Knows("ja"));
    }

    [Theory]
    [InlineData(0, "is cut short", "nothing of it is there")]
    [InlineData(1000, "is cut short", "the end is missing")]
    public void Heads_cut_short_are_refused(int length, string fault, string because)
    {
        var refused = Assert.Throws<ModelFileException>(() => Load(_good[..length]));
        Assert.True(refused.Message.Contains(fault, StringComparison.Ordinal) && refused.Message.Contains(EncoderModel.HeadsFile, StringComparison.Ordinal), because);
    }

    [Fact]
    public void Heads_without_their_encoder_are_refused() =>
        Assert.Contains("needs zh.onnx", Assert.Throws<ModelFileException>(() => Load(_good)).Message, StringComparison.Ordinal);

    [Fact]
    public void Heads_of_another_encoder_are_refused()
    {
        File.Copy(Path.Combine(EncoderModel.DefaultFolder, "zh.onnx"), Path.Combine(_folder, "zh.onnx"));
        File.Copy(Path.Combine(EncoderModel.DefaultFolder, "en.vocab.txt"), Path.Combine(_folder, "zh.vocab.txt"));
        Assert.Contains("another encoder", Assert.Throws<ModelFileException>(() => Load(_good)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_vocabulary_is_named()
    {
        File.Copy(Path.Combine(EncoderModel.DefaultFolder, "zh.onnx"), Path.Combine(_folder, "zh.onnx"));
        File.WriteAllText(Path.Combine(_folder, "zh.vocab.txt"), "word\n");
        Assert.Contains("zh.vocab.txt' is no vocabulary", Assert.Throws<ModelFileException>(() => Load(_good)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_heads_leaves_the_fast_stage_alone() => Assert.Null(EncoderModel.Load(_folder, Fast, 2));

    [Fact]
    public void Heads_of_another_fast_model_leave_the_fast_stage_alone()
    {
        var (_, heads) = EncoderFile.Parse("shipped", _good);
        Assert.Null(Load(EncoderFile.Write(heads with { Header = heads.Header with { FastVersion = "fast-1-00000000" } })));
    }

    [Fact]
    public void The_same_rows_give_the_same_heads_byte_by_byte_and_they_learn()
    {
        var data = new HeadData(
            new HeadRecipe(HeadNames.FalseInformation, "zh", ["true", "false"], 0.1f, 1) { Second = new SecondHead(100, 8) }, [new HeadSet("generated", SomeTexts.Generated(160), 120, "the last 40")]);
        using var training = EncoderTraining.Open(EncoderModel.DefaultFolder, _folder, ["zh"])!;
        var procedure = new Procedure(new HeadFitter(null), training, null);
        var (models, _, heads, _) = procedure.Run([data], all: false, null, TestContext.Current.CancellationToken);
        Assert.Equal(heads, procedure.Run([data], all: false, null, TestContext.Current.CancellationToken).Heads);

        var right = data.Sets[0].Rows.Skip(120).Count(r => models.Scores(encoded: true)(r.Text, "zh").FalseProbability(0.5) >= 0.5 == (r.Label == 1));
        Assert.InRange(right, 30, 40);
    }

    [Fact]
    public void A_fit_that_was_kept_equals_one_made_anew()
    {
        var recipe = new HeadRecipe(HeadNames.FalseInformation, "zh", ["true", "false"], 1, 0);
        var rows = SomeTexts.Generated(200);
        var anew = new HeadFitter(null).Fit(recipe, rows, TestContext.Current.CancellationToken);
        for (var run = 0; run < 2; run++)
        {
            var kept = new HeadFitter(_folder).Fit(recipe, rows, TestContext.Current.CancellationToken);
            Assert.Equal(anew.Weights[0], kept.Weights[0]);
            Assert.Equal(anew.Biases, kept.Biases);
        }

        Assert.Single(Directory.GetFiles(_folder, "*.fit"));
    }

    private EncoderModel? Load(byte[] heads)
    {
        File.WriteAllBytes(Path.Combine(_folder, EncoderModel.HeadsFile), heads);
        return EncoderModel.Load(_folder, Fast, 2);
    }
}
