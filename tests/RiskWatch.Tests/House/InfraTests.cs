using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RiskWatch.Alerting;
using RiskWatch.Server.Hosting;
using RiskWatch.Server.Jobs;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.House;

/// <summary>What operators are given fits the program: manifests are read strictly, settings and roles exist, dashboard and alert rules use metrics that there are.</summary>
public sealed partial class InfraTests
{
    private static string Infra => Path.Combine(Approved.Root(), "infra");

    [Fact]
    public void Every_manifest_is_what_Kubernetes_reads()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Infra, "k8s"), "*.yaml"))
        {
            // Strict: a field that the type does not have is an error.
            var objects = KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true);

            Assert.NotEmpty(objects);
            Assert.All(objects.OfType<IKubernetesObject<V1ObjectMeta>>().Where(o => o is not V1Namespace), o => Assert.Equal("riskwatch", o.Metadata.NamespaceProperty));
        }
    }

    [Fact]
    public void A_field_that_Kubernetes_does_not_know_is_found()
    {
        var text = File.ReadAllText(Path.Combine(Infra, "k8s", "web.yaml")).Replace("readinessProbe:", "readynessProbe:", StringComparison.Ordinal);

        Assert.ThrowsAny<Exception>(() => KubernetesYaml.LoadAllFromString(text, strict: true));
    }

    [Fact]
    public void Each_role_has_a_stateful_set_with_probes_a_service_and_a_disruption_budget()
    {
        foreach (var role in Roles.All)
        {
            var objects = KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(Infra, "k8s", role + ".yaml")), strict: true);
            var set = Assert.Single(objects.OfType<V1StatefulSet>());
            var container = Assert.Single(set.Spec.Template.Spec.Containers);

            Assert.Equal(["run", "--role", role], container.Args);
            Assert.Equal("/health/ready", container.ReadinessProbe.HttpGet.Path);
            Assert.Equal("/health/live", container.LivenessProbe.HttpGet.Path);
            Assert.True(set.Spec.Template.Spec.SecurityContext.RunAsNonRoot);
            var labels = set.Spec.Template.Metadata.Labels.ToHashSet();
            Assert.True(labels.SetEquals(set.Spec.Selector.MatchLabels));
            Assert.True(labels.SetEquals(Assert.Single(objects.OfType<V1Service>()).Spec.Selector));
            Assert.True(labels.SetEquals(Assert.Single(objects.OfType<V1PodDisruptionBudget>()).Spec.Selector.MatchLabels));
        }
    }

    [Fact]
    public void Every_setting_in_image_compose_and_manifests_is_one_that_RiskWatch_knows()
    {
        string[] files = [Path.Combine(Infra, "Dockerfile"), Path.Combine(Infra, "compose.yml"), .. Directory.GetFiles(Path.Combine(Infra, "k8s"), "*.yaml")];
        foreach (var file in files)
        {
            var values = Setting().Matches(File.ReadAllText(file)).DistinctBy(m => m.Groups["key"].Value).ToDictionary(
                m => m.Groups["key"].Value.Replace("__", ":", StringComparison.Ordinal),
                m => (string?)m.Groups["value"].Value.Trim('"', ' ', '\\'));
            foreach (var key in values.Keys.Where(k => values[k]!.Length == 0 || values[k]!.StartsWith("${", StringComparison.Ordinal)).ToList())
            {
                // Filled in by whoever installs it.
                if (values[key]!.Length == 0)
                {
                    values.Remove(key);
                }

                if (key.EndsWith("Key", StringComparison.Ordinal) || key.EndsWith("OtlpEndpoint", StringComparison.Ordinal))
                {
                    values.Remove(key);
                }

                var options = RiskWatchHost.Known.Single(k => key.StartsWith(k.Section + ":", StringComparison.Ordinal) && !key[(k.Section.Length + 1)..].Contains(':', StringComparison.Ordinal));
                Assert.NotNull(options.Options.GetProperty(key[(options.Section.Length + 1)..]));
            }

            RiskWatchHost.Check(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        }
    }

    [Fact]
    public void Compose_and_script_start_roles_that_there_are()
    {
        var compose = Command().Matches(File.ReadAllText(Path.Combine(Infra, "compose.yml"))).Select(m => m.Groups["role"].Value);
        var script = RolesOfScript().Match(File.ReadAllText(Path.Combine(Infra, "roles.sh"))).Groups["roles"].Value.Split(' ');

        Assert.Equal(Roles.All.Order(), compose.Order());
        Assert.Equal(Roles.All.Order(), script.Distinct().Order());
    }

    [Fact]
    public async Task Dashboard_and_alert_rules_use_metrics_that_exist()
    {
        var known = await MetricsAsync();
        var dashboard = File.ReadAllText(Path.Combine(Infra, "observability", "grafana.json"));
        using var parsed = JsonDocument.Parse(dashboard);
        var used = MetricName().Matches(dashboard + File.ReadAllText(Path.Combine(Infra, "observability", "alerts.yml"))).Select(m => m.Value).Distinct().ToList();

        Assert.True(used.Count > 15);
        Assert.Equal([], used.Except(known));
    }

    // Names as OpenTelemetry's Prometheus exporter writes them.
    private static async Task<HashSet<string>> MetricsAsync()
    {
        var names = new HashSet<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            lock (names)
            {
                names.UnionWith(NamesOf(instrument));
            }
        };
        listener.Start();
        RuntimeHelpers.RunClassConstructor(typeof(AlertingMetrics).TypeHandle);
        using var stability = new StabilityMetrics();
        await using var product = await RunningProduct.StartAsync([Roles.Ingestion, Roles.Classification, Roles.Alerting, Roles.Indexing, Roles.Web], TestContext.Current.CancellationToken);
        Assert.Single(product.Services.GetServices<OperationsMetrics>());
        lock (names)
        {
            return [.. names, "dotnet_process_memory_working_set_bytes"];
        }
    }

    private static IEnumerable<string> NamesOf(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var name = instrument.Name.Replace('.', '_') + unit;
        return type.Contains("Histogram", StringComparison.Ordinal) ? [name + "_bucket", name + "_sum", name + "_count"]
            : type.Contains("Counter", StringComparison.Ordinal) && !type.Contains("UpDown", StringComparison.Ordinal) ? [name + "_total"]
            : [name];
    }

    [GeneratedRegex(@"\b(riskwatch|dotnet)_[a-z_]+(?=[^a-z_.])")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"(?<key>RiskWatch__[A-Za-z_]+)[:=]\s*(?<value>.*)")]
    private static partial Regex Setting();

    [GeneratedRegex(@"command: \[run, --role, (?<role>[a-z]+)\]")]
    private static partial Regex Command();

    [GeneratedRegex(@"RISKWATCH_ROLES:-(?<roles>[a-z ]+)\}")]
    private static partial Regex RolesOfScript();
}
