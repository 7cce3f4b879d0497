using System.Text;
using CsCheck;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using Xunit;
using static RiskWatch.Tests.Classification.Stage.StageHarness;

namespace RiskWatch.Tests.Classification.Stage;

/// <summary>What must hold for every sequence of entries.</summary>
public sealed class ClassificationProperties
{
    private static readonly string[] Texts =
    [
        "negative topic:flood term:dam p:0.2", "positive topic:fire topic:flood place:cn-41 p:0.6", "doubts group:1", "doubts group:2 topic:flood", "p:0.9 place:cn-11 term:smoke term:dam",
        "negative group:1 topic:flood place:cn-41",
    ];

    // One step of a source: what, which record, which text, how many minutes later.
    private static readonly Gen<Step[]> Steps = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 200])
        .Select(s => new Step(s.Item1, s.Item2, s.Item3, s.Item4)).Array[0, 50];

    private static readonly Gen<int[]> Cuts = Gen.Int[1, 8].Array[1, 20];

    [Fact]
    public void A_crash_or_restart_at_any_batch_boundary_changes_nothing() => Gen.Select(Steps, Cuts).Sample(
        (steps, cuts) =>
        {
            var undisturbed = new StageHarness();
            var disturbed = new StageHarness();
            foreach (var batch in Cut([.. Entries(steps, "weibo")], cuts))
            {
                undisturbed.Batch(batch);
                disturbed.CrashIn(batch).Batch(batch).Restart();
            }

            Assert.Equal(Lines(undisturbed), Lines(disturbed));
            Assert.Equal(undisturbed.Held, disturbed.Held);
        },
        iter: 60);

    [Fact]
    public void How_entries_are_cut_into_batches_changes_nothing_that_adds_up() => Gen.Select(Steps, Cuts).Sample(
        (steps, cuts) =>
        {
            var entries = Entries(steps, "weibo").ToList();
            var whole = new StageHarness().Batch(entries);
            var cut = new StageHarness();
            foreach (var batch in Cut(entries, cuts))
            {
                cut.Batch(batch);
            }

            Assert.Equal(whole.ExactSums(), cut.ExactSums());
            Assert.Equal(Lines(whole, Topics.Scored), Lines(cut, Topics.Scored));
            Assert.Equal(whole.Clocks.LastOrDefault(), cut.Clocks.LastOrDefault());
        },
        iter: 60);

    [Fact]
    public void Any_number_of_partitions_gives_the_same_sums() => Gen.Select(Steps, Gen.Int[2, 8]).Sample(
        (steps, partitions) =>
        {
            var one = new StageHarness();
            var many = new StageHarness(partitions: partitions);
            foreach (var entry in Entries(steps, "weibo"))
            {
                one.Batch(entry);
                for (var p = 0; p < partitions; p++)
                {
                    if (PartitionOf(entry, partitions) is not { } partition || partition == p)
                    {
                        many.BatchIn(p, entry);
                    }
                }
            }

            Assert.Equal(one.ExactSums(), many.ExactSums());
        },
        iter: 30);

    [Fact]
    public void Any_interleaving_of_sources_gives_the_same_sums() => Gen.Select(Steps, Steps, Gen.Bool.Array[100]).Sample(
        (first, second, turns) =>
        {
            // Both are waited for from the start; one that joins later cannot hold a clock that has passed it.
            object[] marks = [new Mark("china", "weibo", Minute(0), true, 0), new Mark("china", "app", Minute(0), true, 0)];
            var a = Entries(first, "weibo").ToList();
            var b = Entries(second, "app").ToList();

            Assert.Equal(
                new StageHarness().Batch([.. marks, .. a, .. b]).ExactSums(),
                new StageHarness().Batch([.. marks, .. Interleave(a, b, turns)]).ExactSums());
        },
        iter: 60);

    [Fact]
    public void Edits_deletions_doubts_and_corrections_in_any_order_give_what_the_final_records_alone_give() =>
        Gen.Select(Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 9]).Array[0, 30], Gen.Int).Sample(
            (versions, seed) =>
            {
                var entries = new List<object>();
                var final = new Dictionary<string, Record>();
                var corrections = new List<object>();
                for (var i = 0; i < versions.Length; i++)
                {
                    var (number, text, what) = versions[i];
                    var id = "r" + number;
                    if (what == 0)
                    {
                        final.Remove(id);
                        entries.Add(Deletion(id));
                        final[id] = Deletion(id);
                    }
                    else if (what == 1)
                    {
                        corrections.Add(new Correction("c" + i, "weibo", id, id, text % 2 == 0, Sentiment.Positive, "ann", Noon.AddMinutes(i)));
                    }
                    else
                    {
                        var record = Version(id, number, text, Noon, "weibo") with { Updated = Noon.AddSeconds(i), Channel = what == 2 ? "employee" : null };
                        entries.Add(record);
                        final[id] = final.TryGetValue(id, out var held) && held.Deleted ? held : record;
                    }
                }

                entries.AddRange(corrections);
                object[] shuffled = [.. entries];
                new Random(seed).Shuffle(shuffled);
                var alone = new StageHarness().Batch(final.Values.Where(r => !r.Deleted)).Batch(corrections);
                var all = new StageHarness();
                foreach (var batch in Cut(shuffled, [3]))
                {
                    all.Batch(batch);
                }

                Assert.Equal(alone.Sums(), all.Sums());
            },
            iter: 100);

    private static Record Version(string id, int number, int text, DateTimeOffset published, string source) => new()
    {
        Id = id,
        Source = source,
        Site = "china",
        Kind = number == 5 ? RecordKind.Hotline : RecordKind.Post,
        Text = Texts[text],
        Author = number == 4 ? null : "author" + (number % 3),
        Published = published,
        Received = published,
        RepostOf = number is 2 or 3 ? "r0" : null,
    };

    // Time only moves on; a mark follows now and then, so that hours pass out of lateness too.
    private static IEnumerable<object> Entries(Step[] steps, string source)
    {
        yield return new Mark("china", source, Minute(0), true, 0);
        var now = Noon;
        var published = new Dictionary<string, DateTimeOffset>();
        for (var i = 0; i < steps.Length; i++)
        {
            var (what, number, text, minutes) = steps[i];
            now = now.AddMinutes(minutes);
            var id = "r" + number;
            if (what <= 1)
            {
                yield return new Mark("china", source, Minute((now - Noon).TotalMinutes), true, 0);
            }
            else if (what == 2)
            {
                yield return new Record { Id = id, Source = source, Site = "china", Published = now, Received = now, Deleted = true, Root = number is 2 or 3 ? "r0" : id };
            }
            else if (what == 3)
            {
                yield return new Correction(source + i, source, id, number is 2 or 3 ? "r0" : id, text % 2 == 0 ? true : null, Sentiment.Negative, "ann", now);
            }
            else
            {
                published.TryAdd(id, now);
                var updated = what == 4 ? now.AddMinutes(-30) : now;
                yield return Version(id, number, text, published[id], source) with { Updated = updated, Received = now };
            }
        }
    }

    private static IEnumerable<List<object>> Cut(IReadOnlyList<object> entries, int[] cuts)
    {
        for (int from = 0, i = 0; from < entries.Count; from += cuts[i++ % cuts.Length])
        {
            yield return [.. entries.Skip(from).Take(cuts[i % cuts.Length])];
        }
    }

    private static IEnumerable<object> Interleave(List<object> a, List<object> b, bool[] turns)
    {
        for (int i = 0, j = 0, turn = 0; i < a.Count || j < b.Count; turn++)
        {
            var first = j == b.Count || (i < a.Count && turns[turn % turns.Length]);
            yield return first ? a[i++] : b[j++];
        }
    }

    private static int? PartitionOf(object entry, int partitions) => entry switch
    {
        Record record => PartitionHash.Of(record.Source + "/" + record.RootId, partitions),
        Correction correction => PartitionHash.Of(correction.Source + "/" + correction.RootId, partitions),
        _ => null,
    };

    private static IEnumerable<string> Lines(StageHarness harness, string? topic = null) =>
        harness.Outputs.Where(o => topic is null || o.Topic == topic).Select(o => $"{o.Topic} {o.Key} {o.Type} {Encoding.UTF8.GetString(o.Value!.Value.Span)}");

    private sealed record Step(int What, int Record, int Text, int Minutes);
}
