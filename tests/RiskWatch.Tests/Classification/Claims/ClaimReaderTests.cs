using RiskWatch.Classification.Claims;
using Xunit;

namespace RiskWatch.Tests.Classification.Claims;

public sealed class ClaimReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("claims").FullName;

    [Theory]
    [InlineData("""{"@context":"https://schema.org","@type":"ClaimReview","url":"https://check.example/1","claimReviewed":"Drinking bleach cures colds","datePublished":"2020-03-01","author":{"name":"Checkers"},"reviewRating":{"alternateName":"False"}}""")]
    [InlineData("""[{"@type":"ClaimReview","@id":"https://check.example/1","claimReviewed":"Drinking bleach cures colds","datePublished":"2020-03-01T00:00:00Z","author":{"name":"Checkers"},"reviewRating":{"ratingValue":1,"alternateName":"False"}}]""")]
    [InlineData("""{"@type":"DataFeed","dataFeedElement":[{"@type":"DataFeedItem","item":[{"@type":"ClaimReview","url":"https://check.example/1","claimReviewed":"Drinking bleach cures colds","datePublished":"2020-03-01","author":{"name":"Checkers"},"reviewRating":{"alternateName":"False"}}]}]}""")]
    [InlineData("""{"@graph":[{"@type":"WebPage"},{"@type":"ClaimReview","url":"https://check.example/1","claimReviewed":"Drinking bleach cures colds","datePublished":"2020-03-01","author":{"name":"Checkers"},"reviewRating":{"alternateName":"False"}}]}""")]
    public void Claim_reviews_are_read_wherever_they_stand(string json)
    {
        var claim = Assert.Single(ClaimReader.Read(File("reviews.json", json)));

        Assert.Equal(("https://check.example/1", "Drinking bleach cures colds", "False", "Checkers"), (claim.Id, claim.Text, claim.Verdict, claim.Publisher));
        Assert.Equal(new DateTimeOffset(2020, 3, 1, 0, 0, 0, TimeSpan.Zero), claim.Published);
    }

    [Fact]
    public void A_csv_file_needs_only_claim_and_verdict()
    {
        var claims = ClaimReader.Read(File("claims.csv", "claim,verdict,date\n\"喝高度酒, 能杀毒\",谣言,2020-02-01\n童子尿防病毒,谣言,\n童子尿防病毒,谣言,\n"));

        Assert.Equal(["喝高度酒, 能杀毒", "童子尿防病毒"], claims.Select(c => c.Text));
        Assert.All(claims, c => Assert.Equal("谣言", c.Verdict));
        Assert.Null(claims[1].Published);
        Assert.Distinct(claims.Select(c => c.Id));
    }

    [Theory]
    [InlineData("a.csv", "text\nx\n", "the header must name the claim")]
    [InlineData("a.csv", "claim,verdict\nx,\n", "row 2: has no verdict")]
    [InlineData("a.csv", "claim,verdict,date\nx,false,soon\n", "row 2: 'soon' is not a date")]
    [InlineData("a.json", """[{"@type":"ClaimReview","reviewRating":{"alternateName":"False"}}]""", "review 1: has no claim")]
    [InlineData("a.json", "{", "is not JSON")]
    public void What_is_wrong_is_said_with_its_place(string name, string content, string said) =>
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => ClaimReader.Read(File(name, content))).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }
}
