using System.Security.Cryptography;

namespace RiskWatch.Core.Acting;

/// <summary>The name that somebody acts under. There is no log-in yet: it is what they say.</summary>
public static class Actor
{
    /// <summary>Longest name.</summary>
    public const int Longest = 60;

    /// <summary>Name of those who give none.</summary>
    public const string Unnamed = "unnamed";

    /// <summary>The name without what surrounds it, control characters and what is too long.</summary>
    public static string Of(string? name)
    {
        var clean = new string([.. (name ?? "").Where(c => !char.IsControl(c))]).Trim();
        return clean.Length == 0 ? Unnamed : clean.Length > Longest ? clean[..Longest] : clean;
    }

    /// <summary>A new id for an act, 16 hexadecimal digits.</summary>
    internal static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
