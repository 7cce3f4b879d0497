using RiskWatch.Web.Localization;

namespace RiskWatch.Web.Components;

/// <summary>What every page of the console needs to know of the person before it; immutable, replaced as a whole.</summary>
/// <param name="Words">Words in their language.</param>
/// <param name="Formats">Numbers and times.</param>
/// <param name="Dark">Whether the theme is dark.</param>
/// <param name="Person">The name they act under; empty until they give one.</param>
public sealed record ConsoleContext(Words Words, Formats Formats, bool Dark, string Person)
{
    /// <summary>Replaces the context for all pages.</summary>
    internal Action<ConsoleContext>? Changed { get; init; }
}
