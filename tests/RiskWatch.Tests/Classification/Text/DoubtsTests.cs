using RiskWatch.Classification.Text;
using Xunit;

namespace RiskWatch.Tests.Classification.Text;

public sealed class DoubtsTests
{
    [Theory]
    [InlineData("真的吗?", true)]
    [InlineData("求证,这是谣言吧", true)]
    [InlineData("Is this true? Source?", true)]
    [InlineData("total hoax", true)]
    [InlineData("太可怕了", false)]
    [InlineData("官方说了,不是谣言", false)]
    [InlineData("this is not fake", false)]
    [InlineData("a faker of art", false)]
    public void Doubt_is_heard_in_both_languages(string text, bool doubts) => Assert.Equal(doubts, Doubts.Express(text));

    [Theory]
    [InlineData("太惨了//@张三:真的吗", "太惨了")]
    [InlineData("oh no RT @bob: is this true?", "oh no ")]
    [InlineData("PORT @ noon", "PORT @ noon")]
    [InlineData("只有自己的话", "只有自己的话")]
    public void Own_words_end_where_the_forwarded_begin(string text, string own) => Assert.Equal(own, Doubts.Own(text).ToString());

    [Theory]
    [InlineData("转发微博", false)]
    [InlineData("", false)]
    [InlineData("[泪][泪] @张三 ", false)]
    [InlineData("😭", false)]
    [InlineData("Repost", false)]
    [InlineData("转发微博 太惨了", true)]
    [InlineData("wow", true)]
    public void Marks_and_emoji_are_no_words(string own, bool words) => Assert.Equal(words, Doubts.HasWords(own));
}
