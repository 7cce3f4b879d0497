using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace RiskWatch.Server.Hosting;

/// <summary>A wrong configuration stops the start and names the key (DESIGN §3): keys nobody reads, values that are not of the type, values out of range.</summary>
internal static class ConfigurationCheck
{
    /// <summary>Binds and checks one options class.</summary>
    /// <exception cref="ConfigurationException">A key is unknown or its value is wrong.</exception>
    public static T Bind<T>(IConfiguration configuration, string section)
        where T : class, new() => (T)Bind(configuration, section, typeof(T));

    /// <summary>Binds and checks one options class.</summary>
    /// <exception cref="ConfigurationException">A key is unknown or its value is wrong.</exception>
    public static object Bind(IConfiguration configuration, string section, Type type)
    {
        var options = Activator.CreateInstance(type)!;
        var node = configuration.GetSection(section);
        foreach (var child in node.GetChildren())
        {
            var property = type.GetProperty(child.Key, BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance);
            if (property is not { CanWrite: true })
            {
                continue;
            }

            try
            {
                if (child.Get(property.PropertyType) is { } value)
                {
                    property.SetValue(options, value);
                }
            }
            catch (InvalidOperationException)
            {
                throw new ConfigurationException($"{section}:{property.Name} is '{child.Value}', which is not a {Readable(property.PropertyType)}.");
            }
        }

        var results = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true))
        {
            var result = results[0];
            var name = result.MemberNames.FirstOrDefault() ?? "";
            throw new ConfigurationException($"{section}:{name} is '{configuration[$"{section}:{name}"]}': {result.ErrorMessage}");
        }

        return options;
    }

    /// <summary>Checks that every key below <c>RiskWatch</c> belongs to one of the options classes.</summary>
    /// <exception cref="ConfigurationException">One does not.</exception>
    public static void RefuseUnknown(IConfiguration configuration, params IReadOnlyList<(string Section, Type Options)> known)
    {
        var allowed = known.SelectMany(k => k.Options.GetProperties().Select(p => $"{k.Section}:{p.Name}")).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var sections = known.Select(k => k.Section).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var child in configuration.GetSection("RiskWatch").GetChildren())
        {
            Check(child);
        }

        void Check(IConfigurationSection node)
        {
            if (allowed.Contains(node.Path))
            {
                return;
            }

            if (sections.Contains(node.Path) && node.Value is not null)
            {
                throw new ConfigurationException($"{node.Path} holds other keys, not a value; give one of {string.Join(", ", allowed.Where(key => key.StartsWith(node.Path + ":", StringComparison.OrdinalIgnoreCase)))}.");
            }

            if (!sections.Contains(node.Path))
            {
                while (node.GetChildren().FirstOrDefault() is { } first)
                {
                    node = first;
                }

                var near = allowed.Concat(sections).OrderBy(key => Distance(key, node.Path)).First();
                throw new ConfigurationException($"{node.Path} is not a key that RiskWatch knows; did you mean {near}?");
            }

            foreach (var child in node.GetChildren())
            {
                Check(child);
            }
        }
    }

    private static string Readable(Type type) => (Nullable.GetUnderlyingType(type) ?? type).Name switch
    {
        "Int32" or "Int64" => "whole number",
        "Double" => "number",
        "Boolean" => "true or false",
        "TimeSpan" => "time span such as 00:00:30",
        var name => name,
    };

    // Levenshtein 1966, on two short keys.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.Min(cost, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}

/// <summary>A wrong configuration; the message names the key.</summary>
internal sealed class ConfigurationException : Exception
{
    public ConfigurationException(string message)
        : base(message)
    {
    }
}
