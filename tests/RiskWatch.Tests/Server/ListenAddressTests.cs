using System.Net;
using RiskWatch.Server.Hosting;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Server;

/// <summary>Under which names console and API answer: a stranger's page must not reach them through a name of its own (DNS rebinding).</summary>
public sealed class ListenAddressTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://127.0.0.1:8080", null, "localhost 127.0.0.1 [::1]", "loopback")]
    [InlineData("http://LOCALHOST:1;http://[::1]:1", null, "localhost 127.0.0.1 [::1]", "the same twice")]
    [InlineData("http://10.1.2.3:80", null, "localhost 127.0.0.1 [::1] 10.1.2.3", "one interface")]
    [InlineData("http://watch.example:80", null, "localhost 127.0.0.1 [::1] watch.example", "a name")]
    [InlineData("http://0.0.0.0:80", null, "*", "all interfaces")]
    [InlineData("http://[::]:80", null, "*", "all interfaces, version 6")]
    [InlineData("http://*:80", null, "*", "all interfaces, Kestrel's way")]
    [InlineData("http://127.0.0.1:8080", "watch.example; localhost", "watch.example localhost", "behind a proxy that passes its own name on")]
    public void It_answers_to_its_own_names_only(string urls, string? hosts, string names, string because) =>
        Assert.True(string.Join(' ', ListenAddresses.Of(new RiskWatchOptions { Urls = urls, Hosts = hosts, Insecure = true }).Hosts) == names, because);

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("attacker.example", HttpStatusCode.BadRequest)]
    public async Task A_request_under_a_foreign_name_gets_nothing(string host, HttpStatusCode status)
    {
        await using var product = await RunningProduct.StartAsync([Roles.Web], Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/status") { Headers = { Host = host } };

        using var answer = await product.Http.SendAsync(request, Cancel);

        Assert.Equal(status, answer.StatusCode);
    }
}
