using RiskWatch.Contracts;

namespace RiskWatch.Core.Places;

/// <summary>Places by code: their names, parents and where they lie. Codes are stable; a parent is one level up; roots have none.</summary>
public interface IGazetteer
{
    /// <summary>Names of a place; the code itself where unknown.</summary>
    BilingualText Names(string code);

    /// <summary>Parent's code, null for a root or an unknown code.</summary>
    string? Parent(string code);

    /// <summary>Whether the code is known.</summary>
    bool Contains(string code);

    /// <summary>The place and its ancestors, itself first, the root last.</summary>
    IReadOnlyList<string> WithAncestors(string code);

    /// <summary>All codes, parents before children; empty where the gazetteer cannot be listed.</summary>
    IReadOnlyList<string> Codes => [];
}
