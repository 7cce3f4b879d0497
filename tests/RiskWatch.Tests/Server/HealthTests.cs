using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RiskWatch.Core.Log;
using RiskWatch.Server.Hosting;
using RiskWatch.Tests.Support;
using RiskWatch.Tests.Web;
using Xunit;

namespace RiskWatch.Tests.Server;

/// <summary>Readiness per role: given when everything is there, withdrawn when log or store stop answering.</summary>
public sealed class HealthTests
{
    private static readonly (string, bool)[] AllUp = [("log", true), ("store", true)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void It_is_ready_only_when_started_with_a_control_table_and_nothing_failed_or_is_down()
    {
        Assert.Null(Health.NotReady(started: true, controlLoaded: true, null, AllUp));
        Assert.Equal("starting", Health.NotReady(started: false, controlLoaded: true, null, AllUp));
        Assert.Equal("starting", Health.NotReady(started: true, controlLoaded: false, null, AllUp));
        Assert.Equal("failed: LogConfigurationException", Health.NotReady(started: true, controlLoaded: true, new LogConfigurationException("a host's name"), AllUp));
        Assert.Equal("waiting for log and store", Health.NotReady(started: true, controlLoaded: true, null, [("log", false), ("store", false)]));
    }

    [Fact]
    public void A_store_that_fails_twice_takes_readiness_away_and_gives_it_back_with_its_first_answer()
    {
        var store = new FakeStore();
        using var watch = Watch(store, Roles.Indexing);
        watch.Look(Cancel);
        Assert.All(watch.States, s => Assert.True(s.Up));

        store.Down = true;
        watch.Look(Cancel);
        Assert.True(watch.States.Single(s => s.Name == "store").Up);
        watch.Look(Cancel);
        Assert.False(watch.States.Single(s => s.Name == "store").Up);

        store.Down = false;
        watch.Look(Cancel);
        Assert.True(watch.States.Single(s => s.Name == "store").Up);
    }

    [Fact]
    public void A_log_that_gives_no_answer_at_all_takes_readiness_away_after_fifteen_seconds()
    {
        var time = new FakeTimeProvider();
        using var watch = Watch(new FakeStore(), Roles.Alerting, new SilentLog(), time);
        watch.Look(Cancel);
        Assert.True(watch.States.Single().Up);

        time.Advance(TimeSpan.FromSeconds(16));

        Assert.Equal(("log", false), watch.States.Single());
    }

    [Theory]
    [InlineData(Roles.Ingestion, false)]
    [InlineData(Roles.Classification, false)]
    [InlineData(Roles.Alerting, false)]
    [InlineData(Roles.Indexing, true)]
    [InlineData(Roles.Web, true)]
    [InlineData(Roles.Jobs, true)]
    public void A_role_is_kept_from_readiness_by_what_it_uses_alone(string role, bool store)
    {
        using var watch = Watch(new FakeStore(), role);

        Assert.Equal(store, watch.States.Any(s => s.Name == "store"));
    }

    [Fact]
    public async Task A_process_says_when_it_is_ready_and_each_role_starts_without_the_others()
    {
        foreach (var role in Roles.All)
        {
            await using var product = await RunningProduct.StartAsync([role], Cancel);

            Assert.Equal("live", await product.Http.GetStringAsync("/health/live", Cancel));
            Assert.Equal("ready", await product.Http.GetStringAsync("/health/ready", Cancel));
        }
    }

    [Fact]
    public async Task A_process_that_runs_ingestion_alone_takes_records()
    {
        await using var product = await RunningProduct.StartAsync([Roles.Ingestion], Cancel);
        using var body = new StringContent("""{"id": "1", "source": "boston-311", "kind": "hotline", "published": "2026-11-24T08:00:00Z", "text": "A tree is down"}""", null, "application/x-ndjson");

        using var answer = await product.Http.PostAsync("/api/records", body, Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task When_Elasticsearch_goes_away_readiness_goes_and_comes_back_with_it()
    {
        var server = new Uri(Requirement.Server("RISKWATCH_TEST_ELASTICSEARCH", "elasticsearch"));
        await using var proxy = new TcpProxy(server.Host, server.Port);
        proxy.Open();
        await using var product = await RunningProduct.StartAsync(
            [Roles.Indexing], Cancel, ("RiskWatch:Store", "elasticsearch"), ("RiskWatch:Elasticsearch:Urls", $"http://127.0.0.1:{proxy.Port}"),
            ("RiskWatch:Elasticsearch:Prefix", "health" + Guid.NewGuid().ToString("N")[..8]), ("RiskWatch:Elasticsearch:RetryFor", "00:00:01"), ("RiskWatch:Elasticsearch:Replicas", "0"));
        Assert.Equal("ready", await product.Http.GetStringAsync("/health/ready", Cancel));

        await proxy.CloseAsync();
        await UntilAsync("waiting for store");

        proxy.Open();
        await UntilAsync("ready");

        async Task UntilAsync(string words)
        {
            string said;
            do
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancel);
                using var answer = await product.Http.GetAsync("/health/ready", Cancel);
                said = await answer.Content.ReadAsStringAsync(Cancel);
            }
            while (said != words);
        }
    }

    private static DependencyWatch Watch(FakeStore store, string role, IEventLog? log = null, TimeProvider? time = null) =>
        new(log ?? new CollectingEventLog(), [store], [], new RunningRoles(new HashSet<string> { role }), time ?? new FakeTimeProvider(), NullLogger<DependencyWatch>.Instance);

    private sealed class SilentLog : IEventLog
    {
        public Task<IReadOnlyList<long>> EndOffsetsAsync(string topic, CancellationToken cancel) => new TaskCompletionSource<IReadOnlyList<long>>().Task;

        public Task<IReadOnlyList<long>> CommittedOffsetsAsync(string group, string topic, CancellationToken cancel) => throw new NotSupportedException();

        public Task EnsureTopicsAsync(IReadOnlyCollection<TopicDefinition> topics, CancellationToken cancel) => throw new NotSupportedException();

        public int PartitionsOf(string topic) => 1;

        public ILogMember Join(MembershipOptions options) => throw new NotSupportedException();

        public Task<IReadOnlyList<LogPosition>> AppendAsync(IReadOnlyList<LogOutput> outputs, CancellationToken cancel) => throw new NotSupportedException();

        public ILogTail Tail(string topic, bool fromBeginning) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
