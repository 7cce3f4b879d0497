using System.Text;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Tests.Web;
using Xunit;

namespace RiskWatch.Tests.Core.Log;

/// <summary>The one place that knows each contract's form in the log.</summary>
public sealed class EntriesTests
{
    [Fact]
    public void A_scored_record_copied_from_its_records_JSON_is_the_one_written_anew()
    {
        foreach (var stored in SomeWeb.Records())
        {
            foreach (var assessment in new[] { stored.Assessment, null })
            {
                var scored = new ScoredRecord(stored.Record, assessment, long.MaxValue, Counted: true);
                var (anew, copied) = (Entries.Of(scored, 3), Entries.Of(scored, 3, Entries.Of(stored.Record).Value!.Value));

                Assert.Equal(Encoding.UTF8.GetString(anew.Value!.Value.Span), Encoding.UTF8.GetString(copied.Value!.Value.Span));
                Assert.Equal(anew with { Value = default }, copied with { Value = default });
            }
        }
    }
}
