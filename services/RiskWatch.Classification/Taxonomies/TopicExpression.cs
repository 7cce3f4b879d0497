namespace RiskWatch.Classification.Taxonomies;

/// <summary>Which keywords a text holds and where; made anew for each text by <see cref="TopicMatcher"/>.</summary>
internal interface IKeywordHits
{
    /// <summary>Whether the text holds the keyword.</summary>
    bool Has(int keyword);

    /// <summary>Whether two keywords of the given groups stand within so many characters of each other, in any order.</summary>
    bool Near(int[] left, int[] right, int distance);
}

/// <summary>A keyword expression, ready to be asked of a text's hits.</summary>
internal abstract record TopicExpression
{
    /// <summary>How many of its alternatives the text meets; 0: it does not match.</summary>
    public abstract int Matches(IKeywordHits hits);

    /// <summary>Keywords of which a matching text must hold at least one; null where a text without any keyword would match.</summary>
    public abstract IReadOnlyCollection<int>? Anchors();
}

/// <summary>A word or phrase.</summary>
internal sealed record KeywordExpression(int Keyword) : TopicExpression
{
    /// <inheritdoc/>
    public override int Matches(IKeywordHits hits) => hits.Has(Keyword) ? 1 : 0;

    /// <inheritdoc/>
    public override IReadOnlyCollection<int> Anchors() => [Keyword];
}

/// <summary>At least one of its parts.</summary>
internal sealed record AnyExpression(IReadOnlyList<TopicExpression> Parts) : TopicExpression
{
    /// <inheritdoc/>
    public override int Matches(IKeywordHits hits)
    {
        var count = 0;
        foreach (var part in Parts)
        {
            count += part.Matches(hits);
        }

        return count;
    }

    /// <inheritdoc/>
    public override IReadOnlyCollection<int>? Anchors()
    {
        var all = Parts.Select(part => part.Anchors()).ToList();
        return all.Contains(null) ? null : [.. all.SelectMany(anchors => anchors!)];
    }
}

/// <summary>All of its parts.</summary>
internal sealed record AllExpression(IReadOnlyList<TopicExpression> Parts) : TopicExpression
{
    /// <inheritdoc/>
    public override int Matches(IKeywordHits hits)
    {
        foreach (var part in Parts)
        {
            if (part.Matches(hits) == 0)
            {
                return 0;
            }
        }

        return 1;
    }

    /// <inheritdoc/>
    public override IReadOnlyCollection<int>? Anchors() => Parts.Select(part => part.Anchors()).FirstOrDefault(anchors => anchors is not null);
}

/// <summary>Not its part.</summary>
internal sealed record NotExpression(TopicExpression Part) : TopicExpression
{
    /// <inheritdoc/>
    public override int Matches(IKeywordHits hits) => Part.Matches(hits) == 0 ? 1 : 0;

    /// <inheritdoc/>
    public override IReadOnlyCollection<int>? Anchors() => null;
}

/// <summary>A keyword of each group, close to each other.</summary>
internal sealed record NearExpression(int[] Left, int[] Right, int Distance) : TopicExpression
{
    /// <inheritdoc/>
    public override int Matches(IKeywordHits hits) => hits.Near(Left, Right, Distance) ? 1 : 0;

    /// <inheritdoc/>
    public override IReadOnlyCollection<int> Anchors() => Left;
}
