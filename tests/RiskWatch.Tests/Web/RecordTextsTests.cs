using RiskWatch.Contracts;
using RiskWatch.Web.Live;
using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>A department is named only where one has to do with it.</summary>
public sealed class RecordTextsTests
{
    [Theory]
    [InlineData(RecordKind.Hotline, false, 0.1, 0.3, true, "whoever calls the hotline wants something of a department")]
    [InlineData(RecordKind.Post, true, 0.9, 0.8, true, "a post about public affairs")]
    [InlineData(RecordKind.Post, false, 0.9, 0.8, false, "no topic of public affairs: a medal, a film")]
    [InlineData(RecordKind.Post, true, 0.4, 0.8, false, "the relevance head says private")]
    [InlineData(RecordKind.Post, true, 0.9, 0.4, false, "another department is as likely")]
    public void A_department_is_shown_where_one_has_to_do_with_it(RecordKind kind, bool topic, double relevance, double department, bool shown, string because)
    {
        var stored = SomeWeb.Records().First();
        stored = stored with
        {
            Record = stored.Record with { Kind = kind },
            Assessment = stored.Assessment with { Topics = topic ? [new TopicAssessment("flood", 0.6)] : [], Relevance = new Relevance(relevance), Department = new DepartmentAssessment("交通运输", department) },
        };

        Assert.True(RecordTexts.Department(stored) is not null == shown, because);
    }
}
