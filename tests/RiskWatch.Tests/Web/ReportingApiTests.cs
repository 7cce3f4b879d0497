using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>What staff report beside alerts: warnings that they missed, and terms that shall raise none.</summary>
public sealed class ReportingApiTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missed_warning_becomes_a_control_entry_of_the_whole_site_and_a_day_unless_said_otherwise()
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();

        var answer = await host.Http.PostAsJsonAsync("/api/misses", new { site = "china", onset = "2021-07-20T08:00:00+08:00", note = " bridge closed ", by = "Mei" }, Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var entry = Entries.Read(Assert.Single(host.Log.Appended(Topics.Control)), ContractsJson.Default.ControlEntry);
        var onset = new DateTimeOffset(2021, 7, 20, 8, 0, 0, TimeSpan.FromHours(8));
        Assert.Equal(("Mei", new MissedWarning("china", "*", "cn", onset, onset.AddDays(1), "bridge closed")), (entry.Author, entry.Miss));
        Assert.Equal("miss.apply", Entries.Read(Assert.Single(host.Log.Appended(Topics.Audit)), ContractsJson.Default.AuditEntry).Action);
    }

    [Fact]
    public async Task A_term_is_blocked_at_its_site()
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();

        var answer = await host.Http.PostAsJsonAsync("/api/blocked-terms", new { site = "china", term = "地铁五号线", reason = "a song" }, Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(new BlockedTerm("china", "地铁五号线", "a song"), Entries.Read(Assert.Single(host.Log.Appended(Topics.Control)), ContractsJson.Default.ControlEntry).BlockedTerm);
    }

    [Theory]
    [InlineData("/api/misses", """{"site":"atlantis","onset":"2021-07-20T08:00:00Z"}""", "site")]
    [InlineData("/api/misses", """{"site":"china","topic":"nonsense","onset":"2021-07-20T08:00:00Z"}""", "topic")]
    [InlineData("/api/misses", """{"site":"china","place":"us-ma-boston","onset":"2021-07-20T08:00:00Z"}""", "place")]
    [InlineData("/api/blocked-terms", """{"site":"atlantis","term":"x"}""", "site")]
    [InlineData("/api/blocked-terms", """{"site":"china","term":" "}""", "term")]
    public async Task What_cannot_be_is_refused_and_the_field_named(string path, string body, string field)
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        var answer = await host.Http.PostAsync(path, content, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.True(problem.RootElement.GetProperty("errors").TryGetProperty(field, out _), problem.RootElement.ToString());
        Assert.Empty(host.Log.Appended(Topics.Control));
    }

    [Theory]
    [InlineData("/api/misses/0000000000000000")]
    [InlineData("/api/blocked-terms/0000000000000000")]
    public async Task What_is_not_there_cannot_be_taken_back(string path)
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.DeleteAsync(path, Cancel)).StatusCode);
    }
}
