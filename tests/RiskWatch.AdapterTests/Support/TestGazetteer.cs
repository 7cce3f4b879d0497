using RiskWatch.Contracts;
using RiskWatch.Core.Places;

namespace RiskWatch.AdapterTests.Support;

/// <summary>A gazetteer of a few places: <c>cn</c>, <c>cn-41</c>, <c>cn-4101</c>, and two of Boston.</summary>
internal sealed class TestGazetteer : IGazetteer
{
    private static readonly Dictionary<string, string?> Parents = new()
    {
        ["cn"] = null,
        ["cn-41"] = "cn",
        ["cn-4101"] = "cn-41",
        ["us-ma-boston"] = null,
        ["us-ma-boston/roxbury"] = "us-ma-boston",
    };

    public BilingualText Names(string code) => new(code, code);

    public string? Parent(string code) => Parents.GetValueOrDefault(code);

    public bool Contains(string code) => Parents.ContainsKey(code);

    public IReadOnlyList<string> WithAncestors(string code)
    {
        var codes = new List<string>();
        for (var at = code; at is not null; at = Parent(at))
        {
            codes.Add(at);
        }

        return codes;
    }
}
