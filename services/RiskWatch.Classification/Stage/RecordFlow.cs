using RiskWatch.Classification.Claims;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Sketches;

namespace RiskWatch.Classification.Stage;

/// <summary>What a record, its edit, its deletion or a correction of it changes (LOG §5): scored entries, tallies, and the partition's state.</summary>
internal sealed class RecordFlow(IClassifier classifier, TallyBatch tallies, ClassificationOptions options)
{
    /// <summary>Lateness where no site says otherwise.</summary>
    public static readonly TimeSpan DefaultLateness = TimeSpan.FromHours(24);

    private readonly int[] _outcomes = new int[Enum.GetValues<Outcome>().Length];

    /// <summary>Where entries for <c>scored</c> go.</summary>
    public List<LogOutput> Outputs { get; set; } = [];

    /// <summary>A version of a record, the first or an edit.</summary>
    public void Version(PartitionState state, LogMessage message, Record record, SourceMark source, Site site, bool knowsAuthors, ClaimIndex? claims)
    {
        var asRead = record;
        var received = record.Received ?? message.AppendedAt;
        var id = SketchHash.OfRecord(record.Source, record.Id);
        state.LatestReceived = Math.Max(state.LatestReceived, EventTime.MinuteOf(received));
        if (state.Deleted.Contains(id, EventTime.MinuteOf(received)))
        {
            Count(Outcome.Deleted);
            return;
        }

        var held = state.Contributions.TryGet(id, out var old, out _);
        if (held && EventTime.MinuteOf(record.Published) != old.Minute)
        {
            record = record with { Published = EventTime.Of(old.Minute) };
        }

        var minute = EventTime.MinuteOf(record.Published);
        var goneThrough = GoneThrough(source, site.Lateness);
        var gone = EventTime.HourOf(minute) <= goneThrough;
        held &= !gone;
        if (held && ContributionBuilder.UpdatedOf(record, minute) < old.Updated)
        {
            Count(Outcome.Repeat);
            return;
        }

        var late = received - record.Published > site.Lateness;
        var classified = classifier.Classify(record, site, claims);
        var row = ContributionBuilder.Of(record, id, minute, classified, site, knowsAuthors, state.Strings, options.MaxTerms);
        var tookOver = TakeOver(state, record, source, site, classified, knowsAuthors, ref row);
        var corrected = state.Corrections.Of(id);
        ContributionBuilder.Settle(ref row, gone ? 0 : state.Doubts.Of(id, goneThrough), corrected, classifier);
        var counted = false;
        if (late || gone)
        {
            KeepVersion(state, held, old, row);
            Count(Outcome.Late);
        }
        else
        {
            row.Counted = !Ignored(site, record) && (held || FirstVersion(source, record, minute));
            counted = Tally(state, source, site.Id, record.Id, held, old, row, classified.Terms);
            Count(Of(held, counted, row.Counted));
        }

        var assessment = ContributionBuilder.Assess(classified.Assessment, row, tookOver, state.Strings);
        var scored = new ScoredRecord(record, assessment, state.NextVersion(message.AppendedAt), counted);
        Outputs.Add(ReferenceEquals(record, asRead) ? Entries.Of(scored, state.Partition, message.Value!.Value) : Entries.Of(scored, state.Partition));
        if (row.Doubts > 0 || corrected.By is not null)
        {
            Emit(RevisionOf(record.Source, record.Id, row, corrected.By, record.Updated ?? record.Published, state, message), state);
        }

        if (!late && !gone && record.RepostOf is not null)
        {
            Doubt(state, message, record, source, site, row, classified.Doubts);
        }
    }

    /// <summary>A deletion: takes back what the record added, and keeps the id deleted for 7 days.</summary>
    /// <param name="state">State of the partition.</param>
    /// <param name="message">The entry.</param>
    /// <param name="record">The deletion.</param>
    /// <param name="source">Its source.</param>
    /// <param name="lateness">Lateness of its site.</param>
    public void Deletion(PartitionState state, LogMessage message, Record record, SourceMark source, TimeSpan lateness)
    {
        var received = EventTime.MinuteOf(record.Received ?? message.AppendedAt);
        var id = SketchHash.OfRecord(record.Source, record.Id);
        state.LatestReceived = Math.Max(state.LatestReceived, received);
        if (state.Deleted.Contains(id, received))
        {
            Count(Outcome.Repeat);
            return;
        }

        state.Deleted.Add(id, received);
        var counted = false;
        var published = record.Published;
        if (state.Contributions.TryGet(id, out var old, out var site) && !Gone(source, lateness, old.Minute))
        {
            published = EventTime.MinuteOf(published) == old.Minute ? published : EventTime.Of(old.Minute);
            counted = old.Counted;
            if (counted)
            {
                tallies.Add(old, -1, state.Strings[site], state.Strings, source.Stamp, record.Id, null);
            }
        }

        state.Contributions.Remove(id);

        Count(Outcome.Deleted);
        var identity = new Record
        {
            Id = record.Id,
            Source = record.Source,
            Kind = record.Kind,
            Published = published,
            RepostOf = record.RepostOf,
            Root = record.Root,
            Updated = record.Updated,
            Received = record.Received,
            Site = record.Site,
            Deleted = true,
        };
        Emit(new ScoredRecord(identity, null, state.NextVersion(message.AppendedAt), counted), state);
        if (state.Doubts.DoubtedBy(id, GoneThrough(source, lateness)) is { } original)
        {
            state.Doubts.Withdraw(id);
            Revise(state, message, source, lateness, original.Hash, original.Id, record.Source, record.Updated ?? record.Received ?? message.AppendedAt, null);
        }
    }

    /// <summary>A person's correction: an edit that overrides doubt.</summary>
    public void Correction(PartitionState state, LogMessage message, Correction correction, SourceMark source, TimeSpan lateness)
    {
        if (correction is { FalseInformation: null, Sentiment: null } || !state.Corrections.Take(correction, message.AppendedAt))
        {
            return;
        }

        var record = SketchHash.OfRecord(correction.Source, correction.RecordId);
        if (Revise(state, message, source, lateness, record, correction.RecordId, correction.Source, correction.At, correction.By))
        {
            return;
        }

        // Its contribution is gone, so no tally changes; the store still learns of it.
        var corrected = state.Corrections.Of(record);
        var credibility = corrected.FalseInformation switch
        {
            true => new Credibility(1, CredibilityBand.LikelyFalse),
            false => new Credibility(0, CredibilityBand.Credible),
            null => null,
        };
        Emit(
            new Revision(
                correction.Source, correction.RecordId, correction.Published ?? DateTimeOffset.UnixEpoch, credibility, corrected.Sentiment,
                state.Doubts.Of(record, GoneThrough(source, lateness)), correction.By, correction.At, state.NextVersion(message.AppendedAt)),
            state);
    }

    /// <summary>Gives the numbers of records by outcome since the last call.</summary>
    public void TakeOutcomes(Action<string, int> take)
    {
        for (var i = 0; i < _outcomes.Length; i++)
        {
            if (_outcomes[i] > 0)
            {
                take(Name((Outcome)i), _outcomes[i]);
                _outcomes[i] = 0;
            }
        }
    }

    // Asked of the source's own mark, not of what memory still holds, so that how sources interleave changes nothing.
    private static long GoneThrough(SourceMark source, TimeSpan lateness) =>
        Math.Max(source.Site.GoneThrough, EventTime.LastHourBefore(source.Stamp, lateness));

    private static bool Gone(SourceMark source, TimeSpan lateness, long minute) => EventTime.HourOf(minute) <= GoneThrough(source, lateness);

    // Where an hour was dropped early, an edit cannot be told from a first version but by its times.
    private static bool FirstVersion(SourceMark source, Record record, long minute) =>
        EventTime.HourOf(minute) > source.Site.DroppedEarlyThrough || (record.Updated ?? record.Published) <= record.Published;

    private static bool Ignored(Site site, Record record)
    {
        for (var i = 0; record.Channel is { } channel && i < site.IgnoredChannels.Count; i++)
        {
            if (site.IgnoredChannels[i] == channel)
            {
                return true;
            }
        }

        return false;
    }

    private static void KeepVersion(PartitionState state, bool held, Contribution old, in Contribution row)
    {
        if (held)
        {
            old.Updated = row.Updated;
            state.Contributions.Put(0, old);
        }
    }

    private static Revision RevisionOf(string source, string id, in Contribution row, string? by, DateTimeOffset at, PartitionState state, LogMessage message) => new(
        source, id, EventTime.Of(row.Minute), ContributionBuilder.CredibilityOf(row), row.Sentiment == row.OwnSentiment && by is null ? null : row.Sentiment,
        row.Doubts, by, at, state.NextVersion(message.AppendedAt));

    private static Outcome Of(bool held, bool changed, bool counted) =>
        held ? (changed ? Outcome.Edited : Outcome.Unchanged) : counted ? Outcome.Counted : Outcome.Ignored;

    private static string Name(Outcome outcome) => outcome switch
    {
        Outcome.Counted => "counted",
        Outcome.Edited => "edited",
        Outcome.Unchanged => "unchanged",
        Outcome.Ignored => "ignored",
        Outcome.Late => "late",
        Outcome.Repeat => "repeat",
        _ => "deleted",
    };

    private static bool TakeOver(PartitionState state, Record record, SourceMark source, Site site, Classified classified, bool knowsAuthors, ref Contribution row)
    {
        if (record.RepostOf is null || classified.OwnWords
            || !state.Contributions.TryGet(SketchHash.OfRecord(record.Source, record.RepostOf), out var original, out _)
            || Gone(source, site.Lateness, original.Minute))
        {
            return false;
        }

        ContributionBuilder.TakeOver(ref row, original, record, knowsAuthors);
        return true;
    }

    private bool Tally(PartitionState state, SourceMark source, string site, string id, bool held, in Contribution old, in Contribution row, IReadOnlyList<string>? terms)
    {
        state.Contributions.Put(state.Strings.ShortOf(site), row);
        if (held && row.TalliesAs(old))
        {
            return false;
        }

        if (held && old.Counted)
        {
            tallies.Add(old, -1, site, state.Strings, source.Stamp, id, null);
        }

        if (row.Counted)
        {
            tallies.Add(row, 1, site, state.Strings, source.Stamp, id, terms);
        }

        return row.Counted || (held && old.Counted);
    }

    private void Doubt(PartitionState state, LogMessage message, Record record, SourceMark source, Site site, in Contribution row, bool doubts)
    {
        doubts &= row.Counted;
        var goneThrough = GoneThrough(source, site.Lateness);
        var before = state.Doubts.DoubtedBy(row.Id, goneThrough);
        var (original, originalId) = before ?? (SketchHash.OfRecord(record.Source, record.RepostOf!), record.RepostOf!);
        if (original == row.Id || (!doubts && before is null))
        {
            return;
        }

        var count = state.Doubts.Of(original, goneThrough);
        if (doubts)
        {
            var pair = SketchHash.Mix(((ulong)row.Author << 32) | row.Group) | 1;
            state.Doubts.Put(state.Strings.ShortOf(site.Id), row.Hour, new Doubt(row.Id, original, pair), originalId);
        }
        else
        {
            state.Doubts.Withdraw(row.Id);
        }

        if (state.Doubts.Of(original, goneThrough) != count)
        {
            Revise(state, message, source, site.Lateness, original, originalId, record.Source, record.Updated ?? record.Published, null);
        }
    }

    private bool Revise(PartitionState state, LogMessage message, SourceMark source, TimeSpan lateness, ulong id, string recordId, string recordSource, DateTimeOffset at, string? by)
    {
        if (!state.Contributions.TryGet(id, out var old, out var site) || Gone(source, lateness, old.Minute))
        {
            return false;
        }

        var row = old;
        ContributionBuilder.Settle(ref row, state.Doubts.Of(id, GoneThrough(source, lateness)), state.Corrections.Of(id), classifier);
        Tally(state, source, state.Strings[site], recordId, held: true, old, row, null);
        Emit(RevisionOf(recordSource, recordId, row, by, at, state, message), state);
        return true;
    }

    private void Emit(ScoredRecord scored, PartitionState state) => Outputs.Add(Entries.Of(scored, state.Partition));

    private void Emit(Revision revision, PartitionState state) => Outputs.Add(Entries.Of(revision, state.Partition));

    private void Count(Outcome outcome) => _outcomes[(int)outcome]++;

    private enum Outcome
    {
        Counted,
        Edited,
        Unchanged,
        Ignored,
        Late,
        Repeat,
        Deleted,
    }
}
