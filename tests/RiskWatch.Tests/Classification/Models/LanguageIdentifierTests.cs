using RiskWatch.Classification.Models;
using Xunit;

namespace RiskWatch.Tests.Classification.Models;

public class LanguageIdentifierTests
{
    [Theory]
    [InlineData("郑州地铁4号线成水帘洞", "zh")]
    [InlineData("這間酒店環境不錯", "zh")]
    [InlineData("iPhone 15 Pro Max 发布，你会买吗", "zh")]
    [InlineData("The hurricane is coming to Boston tonight", "en")]
    [InlineData("Street Light Outages", "en")]
    [InlineData("今日はとても暑いですね", "ja")]
    [InlineData("오늘 날씨가 좋네요", "ko")]
    [InlineData("Сегодня в городе дождь", "ru")]
    [InlineData("¿Qué está pasando en la ciudad hoy?", "es")]
    [InlineData("Aku lagi di rumah, kamu di mana?", "id")]
    [InlineData("Der Sturm kommt und wir sind nicht bereit", "de")]
    [InlineData("😀😀😀", "und")]
    [InlineData("", "und")]
    [InlineData("http://t.cn/A6PqoMKY 12345", "und")]
    public void Scripts_and_common_words_tell_the_language(string text, string language) =>
        Assert.Equal(language, LanguageIdentifier.Identify(text));
}
