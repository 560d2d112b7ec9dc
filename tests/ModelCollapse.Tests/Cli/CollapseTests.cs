using System.Diagnostics;
using System.Text.Json;
using ModelCollapse.Generations;
using ModelCollapse.Language;
using ModelCollapse.Metrics;
using ModelCollapse.Reporting;
using ModelCollapse.Results;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Cli;

/// <summary>The program <c>collapse</c>, started as a user starts it.</summary>
public sealed class CollapseTests : IDisposable
{
    const string Recipe = """
        {
          "name": "tiny",
          "data": { "corpus": { "kind": "folder", "path": "texts" }, "train": { "to": 0.7 }, "test": { "from": 0.7 }, "blockLength": 16, "remainder": "drop-at-end", "perLineSpecials": false, "trainBlocks": 24, "testBlocks": 8 },
          "model": { "preset": "almanac", "precision": "fp32" },
          "training": { "epochs": 1, "batchSize": 8, "learningRate": 1e-3 },
          "sampling": { "promptTokens": 8, "blocksPerGeneration": 12, "batchSize": 4, "decoding": { "beams": 2, "maxNewTokens": 16, "minNewTokens": 16 } },
          "metrics": ["perplexity", "training-perplexity", "diversity", { "kind": "samples", "prompts": ["The river"] }],
          "generations": 2,
          "arms": {
            "beams": { "set": { "policy": "Replace" } },
            "sample": { "control": "beams", "set": { "policy": { "kind": "PreserveFraction", "fraction": 0.25 }, "sampling": { "decoding": { "beams": 1, "sample": true, "topK": 50 } } } }
          }
        }
        """;

    readonly TemporaryFolder folder = new();

    public CollapseTests()
    {
        Directory.CreateDirectory(folder.File("texts"));
        var random = new Random(3);
        string[] words = ["river", "town", "bridge", "old", "stone", "runs", "through", "was", "built", "in", "by", "the", "of", "and", "a", "near"];
        for (var i = 0; i < 4; i++)
            File.WriteAllText(folder.File($"texts/{i}.txt"), string.Concat(Enumerable.Range(0, 60).Select(_ => $"The {string.Join(' ', Enumerable.Range(0, 9).Select(_ => words[random.Next(words.Length)]))}.\n")));
        File.WriteAllText(folder.File("tiny.json"), Recipe);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("run tiny.json --arn beams", "--arm")]
    [InlineData("run tiny.json --arm beems", "beams")]
    [InlineData("run tiny.json --set training.epoch=3", "training.epochs")]
    [InlineData("run tiny.json --set training.epochs=many", "whole number")]
    [InlineData("run tiny.json --set metrics.0=perplexitee", "perplexity")]
    [InlineData("run tiny.json --set data.corpus.path=nowhere", "nowhere")]
    [InlineData("run tiny.json --set model.preset=opt-125m --set model.weights=missing", "missing")]
    [InlineData("run tiny.json --seeds 0,0", "twice")]
    [InlineData("run nothing.json", "recipe")]
    [InlineData("run wikitext2-mini --data nowhere", "collapse fetch wikitext-2")]
    [InlineData("report nowhere", "nowhere")]
    [InlineData("resume nowhere", "nowhere")]
    [InlineData("fetch wikitext-3", "wikitext-2")]
    [InlineData("bench --preset maxi", "mini")]
    [InlineData("explode", "explode")]
    [InlineData("run tiny.json --wrokers 2", "'--workers'")]
    [InlineData("run tiny.json --workers two", "whole number")]
    [InlineData("run tiny.json --workers 0", "--workers")]
    [InlineData("run tiny.json --out tiny.json/x", "tiny.json")]
    [InlineData("run folder", "--set data.corpus.path=")]
    [InlineData("report texts --json", "holds no run")]
    [InlineData("report texts --json --reference texts", "--reference")]
    [InlineData("export texts results", "holds no run")]
    [InlineData("status nowhere", "nowhere")]
    public void What_cannot_be_done_is_said_in_one_sentence_with_exit_code_2_and_nothing_is_written(string command, string said)
    {
        var (code, _, errors) = Collapse(command.Split(' '));
        Assert.Equal(2, code);
        Assert.Contains(said, errors);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(folder.File("runs")));
    }

    [Fact]
    public void A_corpus_with_another_hash_is_refused()
    {
        Directory.CreateDirectory(folder.File("data/wikitext-2"));
        foreach (var split in (string[])["train", "valid", "test"]) File.WriteAllText(folder.File($"data/wikitext-2/wiki.{split}.tokens"), " = Not the text = \n");
        var (code, _, errors) = Collapse("run", "wikitext2-mini", "--data", folder.File("data"));
        Assert.Equal(2, code);
        Assert.Contains("SHA-256", errors);
        Assert.False(Directory.Exists(folder.File("runs")));
    }

    [Fact]
    public void A_recursion_on_a_folder_of_texts_is_run_reported_and_exported()
    {
        var (code, output, errors) = Collapse("run", "tiny.json", "--seeds", "0,1", "--workers", "2");
        Assert.True(code == 0, errors + output);

        var rows = Report("runs");
        foreach (var arm in (string[])["beams", "sample"])
            for (var seed = 0; seed < 2; seed++)
                for (var t = 0; t <= 2; t++)
                    Assert.Contains(rows, r => r.Arm == arm && r.Seed == seed && r.Generation == t && r.Metric == "perplexity.mean" && r.Value > 1);

        Assert.Equal(0, Collapse("export", "runs", "results").Code);
        Assert.Equal(rows, Report("results"));
        Assert.Contains("page.html", Collapse("report", "results", "--html", "page.html").Output);
        Assert.Contains("<h2>Cost</h2>", File.ReadAllText(folder.File("page.html")));
        Assert.Contains("Two of the folders", Collapse("report", "runs", "results", "--html", "page.html").Errors);
        var compared = Collapse("report", "runs/tiny/beams", "--reference", "results").Output;
        Assert.Contains("inside", compared);
        Assert.Contains("6 of the values here share a seed with the reference: 6 of them are identical to the last bit", compared);
        File.AppendAllText(folder.File("results/metrics.csv"), "tiny,beams,0,0,perplexity.mean,1\n");
        Assert.Contains("manifest.json", Collapse("report", "results").Errors);

        var one = Collapse("run", "tiny.json", "--seeds", "0,1", "--workers", "1", "--out", "again");
        Assert.Equal(0, one.Code);
        Assert.Equal(rows, Report("again"));
        Assert.Contains("finished", Collapse("status", "runs").Output);

        var (refused, _, why) = Collapse("run", "tiny.json", "--seeds", "0,1", "--set", "training.learningRate=0.01");
        Assert.Equal(2, refused);
        Assert.Contains("learningRate", why);
    }

    /// <summary>Every metric that a recipe can name, on the corpus that all of them can read, twice to the same numbers; those of sentences with the real encoder.</summary>
    [Fact, Trait("kind", "data")]
    public void Every_metric_by_name_gives_the_same_numbers_again()
    {
        Kinds.Register(typeof(LanguageModel).Assembly);
        string[] names = [.. Kinds.Of(typeof(IMetric<int[]>)).Where(k => k.Value.Assembly != typeof(CollapseTests).Assembly).Select(k => k.Key)];
        var metrics = string.Join(", ", names.Select(n => n == SampleTexts.MetricName ? """{ "kind": "samples", "prompts": ["The river"] }""" : $"\"{n}\""));
        string[] command =
        [
            "run", "tiny.json", "--arm", "beams", "--set", $"metrics=[{metrics}]", "--set", "generations=1", "--data", TestData.Root,
            "--set", "data.corpus={ \"kind\": \"almanac\", \"world\": { \"entities\": 60, \"trainArticles\": 40, \"testArticles\": 20 } }",
            "--set", "data.train={ \"split\": \"train\" }", "--set", "data.test={ \"split\": \"test\" }",
        ];
        var (code, output, errors) = Collapse(command);
        Assert.True(code == 0, errors + output);
        Assert.Equal(0, Collapse([.. command, "--out", "again"]).Code);
        var rows = Report("runs");
        Assert.Equal(rows, Report("again"));
        foreach (var name in names.Where(n => n != SampleTexts.MetricName))
            for (var t = 0; t <= 1; t++)
            {
                List<MetricRow> found = [.. rows.Where(r => r.Metric.Metric == name && r.Generation == t)];
                // What a model of no training writes need not have a word of English.
                var ofPeople = t == 0 && name.StartsWith(TextMeasure.TrainingPrefix, StringComparison.Ordinal);
                Assert.True(found.Count > 0 || (!ofPeople && name.EndsWith(TextReadability.MetricName, StringComparison.Ordinal)), $"generation {t} has no {name}");
                // Of statements that an untrained model does not make, nothing can be told.
                if (name != AlmanacText.MetricName) Assert.All(found, r => Assert.True(double.IsFinite(r.Value), $"{r.Metric} is {r.Value}"));
            }
    }

    [Fact]
    public void Killed_with_signal_9_in_a_generation_the_same_command_ends_with_the_same_metrics()
    {
        string[] command = ["run", "tiny.json", "--arm", "sample", "--set", "training.epochs=100"];
        Assert.Equal(0, Collapse([.. command, "--out", "undisturbed"]).Code);

        using (var process = Start(command))
        {
            while (!process.HasExited && !Directory.Exists(folder.File("runs/tiny/sample/seed-0/generation-001"))) Thread.Sleep(5);
            Assert.False(process.HasExited); // generation 2 has begun
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        Assert.False(Directory.Exists(folder.File("runs/tiny/sample/seed-0/generation-002")));
        // The worker dies a moment after the process that the test waits for.
        for (var patience = 0; patience < 100 && new RunStore(folder.File("runs")).Run("tiny", "sample", 0).Owner is not null; patience++) Thread.Sleep(50);
        var (code, _, errors) = Collapse("resume", "runs");
        Assert.True(code == 0, errors);
        for (var t = 0; t <= 2; t++)
            Assert.Equal(Bytes("undisturbed", t), Bytes("runs", t));

        string Bytes(string output, int t) => File.ReadAllText(folder.File($"{output}/tiny/sample/seed-0/generation-{t:000}/metrics.json"));
    }

    [Fact]
    public async Task Stopped_by_a_signal_it_keeps_what_is_finished_and_resume_goes_on_with_every_run_of_the_same_settings()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals on Windows.");
        string[] Run(int epochs, params string[] rest) => ["run", "tiny.json", "--set", $"training.epochs={epochs}", .. rest];
        var beams = new RunStore(folder.File("runs")).Run("tiny", "beams", 0);

        using (var process = Start(Run(100, "--arm", "beams")))
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            while (!process.HasExited && beams.Completed == 0) Thread.Sleep(5);
            // On a bare Debian only the shell has a kill.
            Process.Start("sh", ["-c", $"kill -TERM {process.Id}"]).WaitForExit();
            await process.WaitForExitAsync();
            Assert.Equal(130, process.ExitCode);
            Assert.Contains("collapse resume", await errors);
            Assert.Contains("perplexity", await output);
        }

        Assert.Null(beams.Owner);
        Assert.InRange(beams.Completed, 1, 2);
        Assert.Equal(RunPhase.Interrupted, beams.Status!.Phase);

        // Another plan takes the place of the first: its own runs are finished, those under other settings are not touched.
        Assert.Equal(0, Collapse(Run(1, "--arm", "sample", "--seeds", "2", "--generations", "0")).Code);
        var (code, _, said) = Collapse("resume");
        Assert.Equal((0, true), (code, said.Contains("left alone")));
        Assert.InRange(beams.Completed, 1, 2);

        Assert.Equal(0, Collapse(Run(100, "--arm", "sample", "--seeds", "1", "--generations", "1")).Code);
        Assert.Equal(0, Collapse("resume").Code);
        Assert.Equal((RunPhase.Finished, 2), (beams.Status!.Phase, beams.Completed));
    }

    [Fact]
    public void Zero_epochs_of_generation_0_leave_the_model_as_it_is()
    {
        Assert.Equal(0, Collapse("run", "tiny.json", "--arm", "beams", "--generations", "0", "--set", "training.base.epochs=0").Code);
        var perplexity = Report("runs").Single(r => r.Metric == "perplexity.ofMeanLoss").Value;
        Assert.InRange(perplexity, 1500, 2500); // random weights: about the 2,048 rows of the vocabulary
    }

    List<MetricRow> Report(string path)
    {
        var (code, output, errors) = Collapse("report", path, "--json");
        Assert.True(code == 0, errors);
        return JsonSerializer.Deserialize<List<MetricRow>>(output, JsonSerializerOptions.Web)!;
    }

    (int Code, string Output, string Errors) Collapse(params string[] arguments)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "collapse.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
